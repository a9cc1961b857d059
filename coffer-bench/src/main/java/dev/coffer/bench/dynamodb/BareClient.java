package dev.coffer.bench.dynamodb;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Reads a table whole, or copies it, and does nothing else with the items. */
final class BareClient {
    private static final int BATCH_ITEMS = 25;

    private BareClient() {}

    private static DynamoDbClient client(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIABENCH", "secret")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    /** Something to do with a page of items. */
    private interface Page {
        void take(List<Map<String, AttributeValue>> items);
    }

    static void scan(URI endpoint, String table, int segments) throws Exception {
        try (var client = client(endpoint)) {
            var count = new AtomicLong();
            read(client, table, segments, items -> count.addAndGet(items.size()));
            System.out.println(count + " items");
        }
    }

    /** Reads the table and writes a second one with as many threads. */
    static void write(URI endpoint, int segments) throws Exception {
        try (var client = client(endpoint)) {
            client.createTable(b -> b.tableName("copy")
                    .keySchema(client.describeTable(t -> t.tableName("bench"))
                            .table()
                            .keySchema())
                    .attributeDefinitions(client.describeTable(t -> t.tableName("bench"))
                            .table()
                            .attributeDefinitions())
                    .billingMode("PAY_PER_REQUEST"));
            read(client, "bench", segments, items -> {
                for (int i = 0; i < items.size(); i += BATCH_ITEMS) {
                    var batch = items.subList(i, Math.min(items.size(), i + BATCH_ITEMS)).stream()
                            .map(item -> WriteRequest.builder()
                                    .putRequest(put -> put.item(item))
                                    .build())
                            .toList();
                    client.batchWriteItem(b -> b.requestItems(Map.of("copy", batch)));
                }
            });
            client.deleteTable(b -> b.tableName("copy"));
        }
    }

    private static void read(DynamoDbClient client, String table, int segments, Page page) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new java.util.ArrayList<Future<?>>();
            for (int i = 0; i < segments; i++) {
                int segment = i;
                tasks.add(threads.submit(() -> segment(client, table, segment, segments, page)));
            }
            for (var task : tasks) {
                task.get();
            }
        }
    }

    private static void segment(DynamoDbClient client, String table, int segment, int segments, Page page) {
        Map<String, AttributeValue> from = Map.of();
        do {
            var start = from;
            var answer = client.scan(scan -> {
                scan.tableName(table).consistentRead(true).segment(segment).totalSegments(segments);
                if (!start.isEmpty()) {
                    scan.exclusiveStartKey(start);
                }
            });
            page.take(answer.items());
            from = answer.hasLastEvaluatedKey() ? new HashMap<>(answer.lastEvaluatedKey()) : Map.of();
        } while (!from.isEmpty());
    }
}
