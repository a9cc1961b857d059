package dev.coffer.aws.dynamodb;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.connector.ObservedSession;
import dev.coffer.testkit.dynamodb.DynamoServer;
import dev.coffer.testkit.dynamodb.DynamoTables;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.time.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A server with tables, a vault, and a connector whose pauses only move its clock. */
final class Bench implements AutoCloseable {
    static final Scope SCOPE = new Scope(new AccountId("123456789012"), new Region("eu-central-1"));
    static final String PLAIN = """
        {"TableName":"%s","BillingMode":"PAY_PER_REQUEST",
         "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}\
        """;

    private Optional<ItemPath> lost = Optional.empty();

    final TestClock clock = new TestClock(Instant.now());
    final DynamoServer server;
    final DynamoTables tables;
    final Repository vault;
    final DynamoDbConnector connector;
    final EndpointClients endpoints = new EndpointClients(EndpointPolicy.USUAL);

    Bench(Path scratch) throws InterruptedException {
        this(scratch, 2000, 64L << 20);
    }

    Bench(Path scratch, int pageBytes, long memoryBytes) throws InterruptedException {
        server = new DynamoServer(clock, pageBytes);
        tables = server.tables();
        var repositories = new MemoryRepositories();
        var name = new VaultName("daily");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        vault = repositories.open(SCOPE, name, id);
        connector = new DynamoDbConnector(endpoints, clock, clock::advance, new SecureRandom(), scratch, memoryBytes);
    }

    /** Lets the vault have lost this item of every parent. */
    void lose(ItemPath item) {
        lost = Optional.of(item);
    }

    Endpoint endpoint() {
        return endpoint(Map.of());
    }

    Endpoint endpoint(Map<String, String> more) {
        var settings = new TreeMap<>(
                Map.of("endpoint", server.uri().toString(), "accessKeyId", "AKIATEST", "secretAccessKey", "secret"));
        settings.putAll(more);
        return new Endpoint(ResourceType.DYNAMODB, SCOPE, settings);
    }

    Source source(String table) {
        return source(table, Map.of());
    }

    Source source(String table, Map<String, String> settings) {
        return new Source(
                ResourceType.DYNAMODB,
                SCOPE,
                TableRestore.arn(SCOPE, table),
                table,
                TableSettings.ofTable(endpoint(settings).settings(), table),
                Map.of());
    }

    Manifest capture(String table, String id) throws InterruptedException {
        return capture(source(table), id, Optional.empty(), new AtomicReference<>());
    }

    Manifest capture(Source source, String id, Optional<String> parent, AtomicReference<ObservedSession> observed)
            throws InterruptedException {
        return vault.write(
                new SessionId(id),
                new PointDescription(
                        "arn:aws:backup:eu-central-1:123456789012:recovery-point:x",
                        source.arn().toString(),
                        "DynamoDB",
                        source.name(),
                        Instant.EPOCH,
                        Map.of(),
                        Map.of()),
                parent.map(SessionId::new),
                session -> {
                    observed.set(new ObservedSession(lost.<WriteSession>map(path -> new LossySession(session, path))
                            .orElse(session)));
                    return connector.capture(source, observed.get(), (_, _) -> {});
                },
                () -> {});
    }

    Restored restore(String point, String job, Map<String, String> metadata) throws InterruptedException {
        var request = new RestoreRequest(job, clock.instant(), SCOPE, metadata, Map.of(), targets());
        try (var reader = open(point)) {
            return connector.restore(request, reader, (_, _) -> {});
        }
    }

    RecoveryPointReader open(String point) throws InterruptedException {
        return vault.open(new SessionId(point));
    }

    RestoreRequest.Targets targets() {
        return new RestoreRequest.Targets() {
            @Override
            public Optional<Source> existing(String resourceId) {
                return tables.exists(resourceId) ? Optional.of(source(resourceId)) : Optional.empty();
            }

            @Override
            public String restoreParent() {
                return server.uri().toString();
            }

            @Override
            public Endpoint endpoint() {
                return Bench.this.endpoint();
            }
        };
    }

    @Override
    public void close() {
        endpoints.close();
        server.close();
    }
}
