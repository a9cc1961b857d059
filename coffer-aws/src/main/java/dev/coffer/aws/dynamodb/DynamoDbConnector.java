package dev.coffer.aws.dynamodb;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.aws.endpoint.Pause;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ConnectorSpec.Feature;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.task.TaskGroup;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * DynamoDB tables behind any endpoint that speaks the API. Settings of a source are in {@link TableSettings}; what is captured, what restore metadata can say and how consistent a point is, in docs/operating/dynamodb.md.
 *
 * <p>While a table has a stream with new images, a point is the table at one instant; otherwise each item is as it was at some moment of the capture.
 */
public final class DynamoDbConnector implements ResourceConnector, Discovery {
    private static final int JOBS_AT_ONCE = 2;
    private static final int TABLES_FOR_A_PAGE = 100;
    private static final int TABLES_ASKED_AT_ONCE = 8;
    private static final long MEMORY_BYTES = 64L << 20;

    private final EndpointClients endpoints;
    private final InstantSource clock;
    private final Pause pause;
    private final SecureRandom random;
    private final Path scratch;
    private final long memoryBytes;

    /**
     * A connector.
     *
     * @param pause how to wait between two tries
     * @param scratch a folder for tables that are larger than memory; made when needed
     */
    public DynamoDbConnector(
            EndpointClients endpoints, InstantSource clock, Pause pause, SecureRandom random, Path scratch) {
        this(endpoints, clock, pause, random, scratch, MEMORY_BYTES);
    }

    DynamoDbConnector(
            EndpointClients endpoints,
            InstantSource clock,
            Pause pause,
            SecureRandom random,
            Path scratch,
            long memoryBytes) {
        this.endpoints = endpoints;
        this.clock = clock;
        this.pause = pause;
        this.random = random;
        this.scratch = scratch;
        this.memoryBytes = memoryBytes;
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(
                ResourceType.DYNAMODB,
                Set.of(Feature.INCREMENTAL, Feature.ITEM_RESTORE, Feature.CONTINUOUS),
                JOBS_AT_ONCE);
    }

    @Override
    public ResourceType serves() {
        return ResourceType.DYNAMODB;
    }

    private Calls calls(String about) {
        return new Calls(clock, pause, random, about);
    }

    @Override
    public void discover(Endpoint endpoint, Predicate<Source> visit) throws InterruptedException {
        var calls = calls("the tables at " + TableSettings.place(endpoint));
        try (var clients = Clients.open(endpoints, endpoint.settings())) {
            var circles = new Circles<String>();
            var from = Optional.<String>empty();
            do {
                var start = from;
                var page = calls.make(
                        "ListTables",
                        () -> clients.tables()
                                .listTables(
                                        b -> b.limit(TABLES_FOR_A_PAGE).exclusiveStartTableName(start.orElse(null))));
                for (var found : sources(endpoint, clients, page.tableNames())) {
                    if (found.isPresent() && !visit.test(found.get())) {
                        return;
                    }
                }
                from = Optional.ofNullable(page.lastEvaluatedTableName());
                if (from.filter(circles::closedBy).isPresent()) {
                    throw new SourceException.Impossible("ListTables of " + calls.about()
                            + " goes round in circles: it ends at " + from.get() + " for the second time.");
                }
            } while (from.isPresent());
        }
    }

    private List<Optional<Source>> sources(Endpoint endpoint, Clients clients, List<String> names)
            throws InterruptedException {
        var asked = new Semaphore(TABLES_ASKED_AT_ONCE);
        try (var group = new TaskGroup<Optional<Source>>("tables")) {
            for (var name : names) {
                group.fork(() -> {
                    asked.acquire();
                    try {
                        return source(endpoint, clients, name);
                    } finally {
                        asked.release();
                    }
                });
            }
            return group.join();
        }
    }

    /** The table as a source; empty if it has gone since it was listed. */
    private Optional<Source> source(Endpoint endpoint, Clients clients, String name) throws InterruptedException {
        var arn = TableRestore.arn(endpoint.scope(), name);
        var live = new LiveTable(clients, calls(arn.toString()));
        try {
            var tags = live.tags(live.describe(name).tableArn());
            return Optional.of(new Source(
                    ResourceType.DYNAMODB,
                    endpoint.scope(),
                    arn,
                    name,
                    TableSettings.ofTable(endpoint.settings(), name),
                    tags));
        } catch (SourceException.NotFound gone) {
            return Optional.empty();
        }
    }

    @Override
    public ResourceFacts describe(Source source) throws InterruptedException {
        try (var clients = Clients.open(endpoints, source.settings())) {
            var live = new LiveTable(clients, calls(source.arn().toString()));
            var table = live.describe(TableSettings.table(source));
            var metadata = new HashMap<String, String>();
            metadata.put("targetTableName", table.tableName());
            metadata.put(
                    RestoreOrder.CONSISTENCY, TableCapture.Consistency.of(table).text());
            LiveTable.encryption(table)
                    .ifPresentOrElse(
                            encryption -> {
                                metadata.put("encryptionType", "KMS");
                                encryption.keyArn().ifPresent(arn -> metadata.put("kmsMasterKeyArn", arn));
                            },
                            () -> metadata.put("encryptionType", "Default"));
            return new ResourceFacts(source.name(), live.tags(table.tableArn()), metadata);
        }
    }

    @Override
    public CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException {
        var settings = TableSettings.of(source);
        try (var clients = Clients.open(endpoints, source.settings())) {
            return new TableCapture(clients, calls(source.arn().toString()), settings, this::sorter, session, activity)
                    .run(TableSettings.table(source));
        }
    }

    private Sorter sorter() {
        return new Sorter(scratch, random, memoryBytes);
    }

    @Override
    public Optional<ChangeFeed> changeFeed() {
        return Optional.of(new TableFeed(endpoints, this::calls, this::sorter, scratch, random, this::restore));
    }

    @Override
    public Optional<Problem> objectionTo(Map<String, String> metadata) {
        return RestoreOrder.objectionTo(metadata);
    }

    @Override
    public Restored restore(RestoreRequest request, RecoveryPointReader point, Activity activity)
            throws InterruptedException {
        return restore(request, PointTable.open(point), point.manifest().logicalBytes(), activity);
    }

    private Restored restore(RestoreRequest request, PointTable table, long bytes, Activity activity)
            throws InterruptedException {
        RestoreOrder order;
        try {
            order = RestoreOrder.of(request.metadata());
        } catch (Refused refused) {
            throw new SourceException.Impossible(refused.problem().message(), refused);
        }
        var endpoint = place(request, order);
        try (var clients = Clients.open(endpoints, endpoint.settings())) {
            return new TableRestore(
                            clients,
                            calls(TableRestore.arn(request.scope(), order.table())
                                    .toString()),
                            request,
                            order,
                            table,
                            activity,
                            bytes)
                    .run(endpoint.settings());
        }
    }

    /** The endpoint of the target: that of the existing table if it is known, else where new tables are made. */
    private static Endpoint place(RestoreRequest request, RestoreOrder order) {
        var known = order.existing() ? request.sources().existing(order.table()) : Optional.<Source>empty();
        return known.map(source -> new Endpoint(ResourceType.DYNAMODB, source.scope(), source.settings()))
                .orElseGet(() -> request.sources().endpoint());
    }
}
