package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.TableDefinition.Index;
import dev.coffer.aws.dynamodb.TableDefinition.Throughput;
import dev.coffer.core.connector.SourceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.OnDemandThroughput;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * Makes the table of a restore. It carries a tag that names the restore job, so that a repeat knows its own table: {@code JOB loading} until all is in it, then {@code JOB}.
 */
final class TableMaker {
    static final String MARK = "coffer:restore-job";

    private static final String LOADING = " loading";
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Clients clients;
    private final Calls calls;
    private final LiveTable live;
    private final String jobId;

    /** What the restore has in the target. */
    enum Progress {
        LOADING,
        DONE
    }

    TableMaker(Clients clients, Calls calls, LiveTable live, String jobId) {
        this.clients = clients;
        this.calls = calls;
        this.live = live;
        this.jobId = jobId;
    }

    /** Makes the table, or finds that this job made it before; Impossible if it is another's. Returns when it can be used. */
    Progress make(TableDefinition definition, RestoreOrder order) throws InterruptedException {
        var request = request(definition, order);
        boolean made = calls.make("CreateTable", () -> {
            try {
                clients.tables().createTable(request);
                return true;
            } catch (ResourceInUseException there) {
                return false;
            }
        });
        var progress = made ? Progress.LOADING : ours(order.table());
        var table = waitUntilActive(order.table());
        if (made && !live.tags(table.tableArn()).containsKey(MARK)) {
            // Some servers take no tags with CreateTable.
            mark(table.tableArn(), jobId + LOADING);
        }
        return progress;
    }

    private Progress ours(String table) throws InterruptedException {
        var mark = live.tags(live.describe(table).tableArn()).getOrDefault(MARK, "");
        if (mark.equals(jobId)) {
            return Progress.DONE;
        }
        if (mark.equals(jobId + LOADING)) {
            return Progress.LOADING;
        }
        throw new SourceException.Impossible("Table already exists: " + table
                + ". A restore makes a new table and never overwrites one. Give another targetTableName, or"
                + " set coffer:existingTable to true to add items to it.");
    }

    /** Notes that all is in the table. */
    void done(String table) throws InterruptedException {
        mark(live.describe(table).tableArn(), jobId);
    }

    /** Without tags at the endpoint there is no mark, and a repeat takes the table for another's. */
    private void mark(String arn, String value) throws InterruptedException {
        live.optional(
                "TagResource",
                () -> clients.tables().tagResource(b -> b.resourceArn(arn).tags(tag(MARK, value))));
    }

    static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    /** Returns the table when neither it nor an index is being changed. */
    TableDescription waitUntilActive(String name) throws InterruptedException {
        var until = calls.clock().instant().plus(LONGEST);
        while (true) {
            var table = live.describe(name);
            boolean active = table.tableStatus() == TableStatus.ACTIVE
                    && table.globalSecondaryIndexes().stream()
                            .allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
            if (active) {
                return table;
            }
            if (calls.clock().instant().isAfter(until)) {
                throw new SourceException.Unavailable(
                        "The table " + calls.about() + " has been " + table.tableStatusAsString() + " for "
                                + LONGEST.toMinutes() + " minutes.",
                        new IllegalStateException("the table does not become active"));
            }
            calls.pause(LOOK);
        }
    }

    private CreateTableRequest request(TableDefinition definition, RestoreOrder order) {
        Set<String> used = new TreeSet<>();
        definition.key().parts().forEach(part -> used.add(part.name()));
        var indexes = order.indexes() ? definition.globalIndexes() : List.<Index>of();
        var local = order.indexes() ? definition.localIndexes() : List.<Index>of();
        indexes.forEach(index -> index.keys().forEach(part -> used.add(part.name())));
        local.forEach(index -> index.keys().forEach(part -> used.add(part.name())));
        var request = CreateTableRequest.builder()
                .tableName(order.table())
                .keySchema(definition.key().parts().stream()
                        .map(part ->
                                key(part.name(), part.equals(definition.key().partition()) ? "HASH" : "RANGE"))
                        .toList())
                .attributeDefinitions(used.stream()
                        .map(name -> AttributeDefinition.builder()
                                .attributeName(name)
                                .attributeType(definition.types().get(name))
                                .build())
                        .toList())
                .billingMode(
                        definition.provisioned().isPresent() ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST)
                .tags(tag(MARK, jobId + LOADING));
        definition.provisioned().ifPresent(units -> request.provisionedThroughput(provisioned(units)));
        definition.most().ifPresent(units -> request.onDemandThroughput(most(units)));
        if (!definition.tableClass().equals(TableDefinition.STANDARD)) {
            request.tableClass(definition.tableClass());
        }
        if (!indexes.isEmpty()) {
            request.globalSecondaryIndexes(
                    indexes.stream().map(TableMaker::global).toList());
        }
        if (!local.isEmpty()) {
            request.localSecondaryIndexes(local.stream().map(TableMaker::local).toList());
        }
        encryption(definition, order)
                .ifPresent(kms -> request.sseSpecification(sse -> {
                    sse.enabled(true).sseType(SSEType.KMS);
                    kms.keyArn().ifPresent(sse::kmsMasterKeyId);
                }));
        return request.build();
    }

    private static Optional<RestoreOrder.Encryption.Kms> encryption(TableDefinition definition, RestoreOrder order) {
        if (order.encryption().isEmpty()) {
            return definition
                    .encryption()
                    .filter(_ -> order.settings())
                    .map(encryption -> new RestoreOrder.Encryption.Kms(encryption.keyArn()));
        }
        return switch (order.encryption().get()) {
            case RestoreOrder.Encryption.Default() -> Optional.empty();
            case RestoreOrder.Encryption.Kms kms -> Optional.of(kms);
        };
    }

    private static KeySchemaElement key(String name, String role) {
        return KeySchemaElement.builder().attributeName(name).keyType(role).build();
    }

    private static List<KeySchemaElement> keys(Index index) {
        return index.keys().stream().map(part -> key(part.name(), part.role())).toList();
    }

    private static Projection projection(Index index) {
        var projection = Projection.builder().projectionType(index.projection());
        return index.included().isEmpty()
                ? projection.build()
                : projection.nonKeyAttributes(index.included()).build();
    }

    private static GlobalSecondaryIndex global(Index index) {
        var built = GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(index))
                .projection(projection(index));
        index.provisioned().ifPresent(units -> built.provisionedThroughput(provisioned(units)));
        index.most().ifPresent(units -> built.onDemandThroughput(most(units)));
        return built.build();
    }

    private static LocalSecondaryIndex local(Index index) {
        return LocalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(index))
                .projection(projection(index))
                .build();
    }

    private static ProvisionedThroughput provisioned(Throughput units) {
        return ProvisionedThroughput.builder()
                .readCapacityUnits(units.reads())
                .writeCapacityUnits(units.writes())
                .build();
    }

    private static OnDemandThroughput most(Throughput units) {
        return OnDemandThroughput.builder()
                .maxReadRequestUnits(units.reads())
                .maxWriteRequestUnits(units.writes())
                .build();
    }
}
