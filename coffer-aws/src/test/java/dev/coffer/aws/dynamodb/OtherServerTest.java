package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.dynamodb.Dynalite;
import dev.coffer.testkit.moto.Moto;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * The connector before servers that others have written: dynalite, which has no streams, and the one at the address in the environment variable {@code COFFER_TEST_DYNAMODB}, or moto where Python has it. Skipped where there is none.
 */
final class OtherServerTest {
    @TempDir
    private Path folder;

    @Test
    void aTableWithoutStreamComesBackItemByItem() throws Exception {
        try (var dynalite = Dynalite.start()) {
            check(dynalite.uri(), false);
        }
    }

    @Test
    void aTableWithChangesDuringTheScanComesBackItemByItem() throws Exception {
        var given = Optional.ofNullable(System.getenv("COFFER_TEST_DYNAMODB")).filter(text -> !text.isEmpty());
        if (given.isPresent()) {
            check(URI.create(given.get()), true);
            return;
        }
        try (var moto = Moto.start(folder)) {
            check(moto.uri(), true);
        }
    }

    private void check(URI uri, boolean streams) throws Exception {
        try (var bench = new Bench(folder.resolve("unused"))) {
            check(bench, uri, streams);
        }
    }

    private void check(Bench bench, URI uri, boolean streams) throws Exception {
        var endpoint = new Endpoint(
                ResourceType.DYNAMODB,
                Bench.SCOPE,
                Map.of("endpoint", uri.toString(), "accessKeyId", "AKIATEST", "secretAccessKey", "secret"));
        var connector = new DynamoDbConnector(
                bench.endpoints, InstantSource.system(), Thread::sleep, new SecureRandom(), folder.resolve("scratch"));
        var name = "orders-" + System.nanoTime();
        try (var clients = Clients.open(bench.endpoints, endpoint.settings())) {
            var client = clients.tables();
            awaitAnswer(client);
            client.createTable(b -> b.tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(List.of(
                            KeySchemaElement.builder()
                                    .attributeName("id")
                                    .keyType(KeyType.HASH)
                                    .build(),
                            KeySchemaElement.builder()
                                    .attributeName("n")
                                    .keyType(KeyType.RANGE)
                                    .build()))
                    .attributeDefinitions(List.of(
                            AttributeDefinition.builder()
                                    .attributeName("id")
                                    .attributeType(ScalarAttributeType.S)
                                    .build(),
                            AttributeDefinition.builder()
                                    .attributeName("n")
                                    .attributeType(ScalarAttributeType.N)
                                    .build()))
                    .streamSpecification(
                            streams
                                    ? StreamSpecification.builder()
                                            .streamEnabled(true)
                                            .streamViewType(StreamViewType.NEW_IMAGE)
                                            .build()
                                    : null));
            client.waiter().waitUntilTableExists(b -> b.tableName(name));
            // Not every server takes the tags of CreateTable.
            var arn = client.describeTable(b -> b.tableName(name)).table().tableArn();
            client.tagResource(b -> b.resourceArn(arn).tags(TableMaker.tag("team", "blue")));
            if (streams) {
                client.updateTimeToLive(b -> b.tableName(name)
                        .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("ttl")));
            }
            for (int i = 0; i < 500; i++) {
                put(client, name, i, "first");
            }
            var writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; streams && i < 200; i++) {
                    put(client, name, i * 2, "during");
                }
            });
            var sources = new ArrayList<Source>();
            connector.discover(endpoint, found -> {
                if (found.name().equals(name)) {
                    sources.add(found);
                }
                return true;
            });
            assertThat(sources)
                    .singleElement()
                    .satisfies(found -> assertThat(found.tags()).containsEntry("team", "blue"));
            var manifest = bench.vault.write(
                    new SessionId("one"),
                    new PointDescription("a", "b", "DynamoDB", name, Instant.EPOCH, Map.of(), Map.of()),
                    Optional.empty(),
                    session -> connector.capture(sources.getFirst(), session, (_, _) -> {}),
                    () -> {});
            assertThat(manifest.skipped()).isEmpty();
            writer.join();
            checkRestore(bench, connector, endpoint, client, name, streams);
        }
    }

    private static void checkRestore(
            Bench bench,
            DynamoDbConnector connector,
            Endpoint endpoint,
            DynamoDbClient client,
            String name,
            boolean streams)
            throws InterruptedException {
        var request = new RestoreRequest(
                "job-1",
                Instant.now(),
                Bench.SCOPE,
                Map.of("targettablename", name + "-again"),
                Map.of(),
                new RestoreRequest.Targets() {
                    @Override
                    public Optional<Source> existing(String resourceId) {
                        return Optional.empty();
                    }

                    @Override
                    public String restoreParent() {
                        return "";
                    }

                    @Override
                    public Endpoint endpoint() {
                        return endpoint;
                    }
                });
        try (var point = bench.open("one")) {
            var restored = connector.restore(request, point, (_, _) -> {});
            assertThat(restored.notRestored()).isEmpty();
        }
        var before = items(client, name);
        var after = items(client, name + "-again");
        // Whatever was written until the end of the capture has come, and nothing is torn: a later write may be
        // missing.
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((key, item) -> {
            if (!item.equals(before.get(key))) {
                assertThat(item).as(key).contains("first");
            }
        });
        if (streams) {
            assertThat(client.describeTimeToLive(b -> b.tableName(name + "-again"))
                            .timeToLiveDescription()
                            .attributeName())
                    .isEqualTo("ttl");
        }
    }

    private static void awaitAnswer(DynamoDbClient client) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true) {
            try {
                client.listTables();
                return;
            } catch (SdkClientException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static void put(DynamoDbClient client, String table, int number, String state) {
        var item = new HashMap<String, AttributeValue>();
        item.put("id", AttributeValue.fromS("customer " + number % 50));
        item.put("n", AttributeValue.fromN(String.valueOf(number)));
        item.put("state", AttributeValue.fromS(state));
        item.put("digits", AttributeValue.fromN("12345678901234567890123456789012345678"));
        item.put("bytes", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, 1, (byte) number})));
        item.put("set", AttributeValue.fromNs(List.of("3", "1", "2.5")));
        item.put(
                "nested",
                AttributeValue.fromM(Map.of("list", AttributeValue.fromL(List.of(AttributeValue.fromNul(true))))));
        client.putItem(b -> b.tableName(table).item(item));
    }

    private static Map<String, String> items(DynamoDbClient client, String table) {
        var items = new TreeMap<String, String>();
        client.scanPaginator(b -> b.tableName(table).consistentRead(true))
                .items()
                .forEach(item -> {
                    var json = DynamoJson.of(ItemCodec.decode(ItemCodec.encode(item)));
                    items.put(json.get("id") + " " + json.get("n"), json.toString());
                });
        return items;
    }
}
