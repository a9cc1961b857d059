package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.TableDefinition.Encryption;
import dev.coffer.aws.dynamodb.TableDefinition.Index;
import dev.coffer.aws.dynamodb.TableDefinition.KeyPart;
import dev.coffer.aws.dynamodb.TableDefinition.Throughput;
import dev.coffer.aws.endpoint.AnswerDate;
import dev.coffer.core.connector.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.OnDemandThroughput;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Reads what a table is at this moment. */
final class LiveTable {
    private static final int DEFAULT_RECOVERY_DAYS = 35;
    private static final String SERVICE_TAG = "aws:";

    private final Clients clients;
    private final Calls calls;

    LiveTable(Clients clients, Calls calls) {
        this.clients = clients;
        this.calls = calls;
    }

    /** The description; NotFound if there is no such table. */
    TableDescription describe(String name) throws InterruptedException {
        return checked(
                name,
                calls.make("DescribeTable", () -> clients.tables().describeTable(b -> b.tableName(name)))
                        .table());
    }

    private TableDescription checked(String name, @org.jspecify.annotations.Nullable TableDescription table) {
        if (table == null || !name.equals(table.tableName())) {
            throw new SourceException.Impossible("DescribeTable of " + calls.about()
                    + " was answered with another table"
                    + (table == null ? "" : ", " + table.tableName()) + ". See what the endpoint of the source is.");
        }
        return table;
    }

    /**
     * A whole second after all that was read.
     *
     * @param at by the clock of the source
     * @param sourceAhead how far that is ahead of ours
     */
    record Cut(Instant at, Duration sourceAhead) {}

    /** A cut that is now; Impossible if the table is not the one that it was. */
    Cut cut(TableDescription before) throws InterruptedException {
        var answer =
                calls.make("DescribeTable", () -> clients.tables().describeTable(b -> b.tableName(before.tableName())));
        var now = checked(before.tableName(), answer.table());
        if (before.tableId() != null && !before.tableId().equals(now.tableId())) {
            throw new SourceException.Impossible("The table " + calls.about()
                    + " was deleted and made anew while it was read. Start the backup again.");
        }
        var ours = calls.clock().instant();
        var theirs = AnswerDate.of(answer).orElse(ours);
        return new Cut(theirs.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1), Duration.between(ours, theirs));
    }

    /** The primary key. */
    PrimaryKey key(TableDescription table) {
        return DefinitionJson.primaryKey(keys(table.keySchema()), types(table));
    }

    private static SortedMap<String, String> types(TableDescription table) {
        var types = new TreeMap<String, String>();
        table.attributeDefinitions()
                .forEach(attribute -> types.put(attribute.attributeName(), attribute.attributeTypeAsString()));
        return types;
    }

    /** The whole definition. What the endpoint has no operation for counts as switched off. */
    TableDefinition definition(TableDescription table) throws InterruptedException {
        var types = types(table);
        boolean onDemand = table.billingModeSummary() != null
                && table.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
        return new TableDefinition(
                table.tableName(),
                key(table),
                types,
                onDemand ? Optional.empty() : provisioned(table.provisionedThroughput()),
                most(table.onDemandThroughput()),
                table.globalSecondaryIndexes().stream()
                        .map(index -> index(
                                index.indexName(),
                                index.keySchema(),
                                index.projection(),
                                onDemand ? Optional.empty() : provisioned(index.provisionedThroughput()),
                                most(index.onDemandThroughput())))
                        .sorted(Comparator.comparing(Index::name))
                        .toList(),
                table.localSecondaryIndexes().stream()
                        .map(index -> index(
                                index.indexName(),
                                index.keySchema(),
                                index.projection(),
                                Optional.empty(),
                                Optional.empty()))
                        .sorted(Comparator.comparing(Index::name))
                        .toList(),
                streamView(table),
                encryption(table),
                timeToLive(table.tableName()),
                recoveryDays(table.tableName()),
                table.tableClassSummary() == null
                        ? TableDefinition.STANDARD
                        : table.tableClassSummary().tableClassAsString(),
                Boolean.TRUE.equals(table.deletionProtectionEnabled()),
                tags(table.tableArn()));
    }

    /** The view of the table's stream, if it has one that is switched on. */
    static Optional<String> streamView(TableDescription table) {
        var stream = table.streamSpecification();
        return stream != null && Boolean.TRUE.equals(stream.streamEnabled())
                ? Optional.of(stream.streamViewTypeAsString())
                : Optional.empty();
    }

    static Optional<Encryption> encryption(TableDescription table) {
        var sse = table.sseDescription();
        boolean ownKey = sse != null
                && (sse.status() == SSEStatus.ENABLED || sse.status() == SSEStatus.UPDATING)
                && sse.sseType() != SSEType.AES256;
        return ownKey ? Optional.of(new Encryption(Optional.ofNullable(sse.kmsMasterKeyArn()))) : Optional.empty();
    }

    private static List<KeyPart> keys(List<KeySchemaElement> schema) {
        return schema.stream()
                .map(element -> new KeyPart(element.attributeName(), element.keyTypeAsString()))
                .toList();
    }

    private static Index index(
            String name,
            List<KeySchemaElement> keys,
            Projection projection,
            Optional<Throughput> provisioned,
            Optional<Throughput> most) {
        return new Index(
                name,
                keys(keys),
                projection.projectionTypeAsString(),
                projection.nonKeyAttributes().stream().sorted().toList(),
                provisioned,
                most);
    }

    private static Optional<Throughput> provisioned(
            @org.jspecify.annotations.Nullable ProvisionedThroughputDescription units) {
        return units == null || units.readCapacityUnits() == null || units.readCapacityUnits() == 0
                ? Optional.empty()
                : Optional.of(new Throughput(units.readCapacityUnits(), units.writeCapacityUnits()));
    }

    private static Optional<Throughput> most(@org.jspecify.annotations.Nullable OnDemandThroughput units) {
        return units == null
                ? Optional.empty()
                : Optional.of(new Throughput(bound(units.maxReadRequestUnits()), bound(units.maxWriteRequestUnits())));
    }

    private static long bound(@org.jspecify.annotations.Nullable Long units) {
        return units == null ? -1 : units;
    }

    private Optional<String> timeToLive(String name) throws InterruptedException {
        return optional("DescribeTimeToLive", () -> clients.tables().describeTimeToLive(b -> b.tableName(name)))
                .map(answer -> answer.timeToLiveDescription())
                .filter(ttl -> ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
                        || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING)
                .map(ttl -> ttl.attributeName());
    }

    private Optional<Integer> recoveryDays(String name) throws InterruptedException {
        return optional(
                        "DescribeContinuousBackups",
                        () -> clients.tables().describeContinuousBackups(b -> b.tableName(name)))
                .map(answer -> answer.continuousBackupsDescription())
                .map(backups -> backups.pointInTimeRecoveryDescription())
                .filter(recovery -> recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED)
                .map(recovery -> recovery.recoveryPeriodInDays() == null
                        ? DEFAULT_RECOVERY_DAYS
                        : recovery.recoveryPeriodInDays());
    }

    /** All tags that a user has given the table; none if the endpoint has no tags. */
    SortedMap<String, String> tags(String arn) throws InterruptedException {
        var tags = new TreeMap<String, String>();
        var token = Optional.<String>empty();
        do {
            var from = token;
            var page = optional(
                    "ListTagsOfResource",
                    () -> clients.tables()
                            .listTagsOfResource(b -> b.resourceArn(arn).nextToken(from.orElse(null))));
            page.ifPresent(answer -> answer.tags().stream()
                    .filter(tag -> !tag.key().startsWith(SERVICE_TAG))
                    .forEach(tag -> tags.put(tag.key(), tag.value())));
            token = page.map(answer -> answer.nextToken());
            if (token.isPresent() && token.equals(from)) {
                throw new SourceException.Impossible("ListTagsOfResource of " + calls.about()
                        + " goes round in circles: its next token is the one that was given.");
            }
        } while (token.isPresent());
        return tags;
    }

    /** Makes a call that some endpoints do not know; empty there. */
    <T> Optional<T> optional(String call, Supplier<T> attempt) throws InterruptedException {
        return calls.make(call, () -> {
            try {
                return Optional.of(attempt.get());
            } catch (AwsServiceException refused) {
                if (Calls.isUnknownOperation(refused)) {
                    return Optional.<T>empty();
                }
                throw refused;
            }
        });
    }
}
