package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.testkit.dynamodb.DynamoError;
import dev.coffer.testkit.dynamodb.DynamoServer.Disturbance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that refuse, fail, stall and lie. */
final class EvilTableTest {
    @TempDir
    private Path folder;

    private Bench bench;

    @BeforeEach
    void start() throws InterruptedException {
        bench = new Bench(folder);
        bench.tables.create(Bench.PLAIN.formatted("orders"));
        for (int i = 0; i < 300; i++) {
            bench.tables.put("orders", "{\"id\":{\"S\":\"k%d\"},\"v\":{\"S\":\"0123456789\"}}".formatted(i));
        }
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    static Disturbance refusing(String operation, String code, String message) {
        return (called, _) -> {
            if (called.equals(operation)) {
                throw DynamoError.of(code, message);
            }
            return Optional.empty();
        };
    }

    private void fails(Class<? extends SourceException> kind, String... words) {
        assertThatThrownBy(() -> bench.capture("orders", "one"))
                .isInstanceOf(kind)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(words));
    }

    @Test
    void aMissingPermissionIsNamed() {
        bench.server.disturb(refusing("Scan", "AccessDeniedException", "User is not authorized"));

        fails(SourceException.Impossible.class, "Scan", "table/orders", "Allow dynamodb:Scan");
    }

    @Test
    void aRefusedKeyIsNamed() {
        bench.server.disturb(refusing("Scan", "AccessDeniedException", "KMS key is disabled"));

        fails(SourceException.Impossible.class, "encryption key", "kms:Decrypt");
    }

    @Test
    void wrongCredentialsAreNamed() {
        bench.server.disturb(refusing("DescribeTable", "UnrecognizedClientException", "The security token is invalid"));

        fails(SourceException.Impossible.class, "credentials", "accessKeyId");
    }

    @Test
    void aTableThatGoesDuringTheRunEndsIt() {
        var scans = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan") && scans.incrementAndGet() == 4) {
                bench.tables.call("DeleteTable", "{\"TableName\":\"orders\"}");
            }
            return Optional.empty();
        });

        fails(SourceException.NotFound.class, "Scan", "table/orders", "region");
    }

    @Test
    void aTableThatIsMadeAnewDuringTheRunEndsIt() {
        var scans = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan") && scans.incrementAndGet() == 4) {
                bench.tables.call("DeleteTable", "{\"TableName\":\"orders\"}");
                bench.tables.create(Bench.PLAIN.formatted("orders"));
            }
            return Optional.empty();
        });

        fails(SourceException.Impossible.class, "made anew");
    }

    @Test
    void throttlingIsWaitedFor() throws Exception {
        var calls = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan") && calls.incrementAndGet() % 3 != 0) {
                throw DynamoError.of("ProvisionedThroughputExceededException", "slower");
            }
            return Optional.empty();
        });

        bench.capture("orders", "one");
        bench.server.calm();
        bench.restore("one", "job", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("orders"));
    }

    @Test
    void throttlingWithoutEndEndsTheRun() {
        bench.server.disturb(refusing("Scan", "ThrottlingException", "Rate exceeded"));

        fails(SourceException.Unavailable.class, "Scan", "throttled for 10 minutes", "readShare");
    }

    @Test
    void faultsOfTheServerAreWaitedForAndThenEndTheRun() throws Exception {
        var calls = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan") && calls.incrementAndGet() % 2 == 0) {
                throw new DynamoError(500, "InternalServerError", "oops");
            }
            return Optional.empty();
        });
        bench.capture("orders", "zero");
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan")) {
                throw new DynamoError(503, "ServiceUnavailable", "down");
            }
            return Optional.empty();
        });

        fails(SourceException.Unavailable.class, "Scan", "failed for 2 minutes", "ServiceUnavailable");
    }

    @Test
    void resetConnectionsAreTriedAgain() throws Exception {
        var calls = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (operation.equals("Scan") && calls.incrementAndGet() % 2 == 0) {
                throw new UncheckedIOException(new IOException("reset"));
            }
            return Optional.empty();
        });

        bench.capture("orders", "one");
        bench.server.calm();
        bench.restore("one", "job", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("orders"));
    }

    @Test
    void aScanThatGoesRoundInCirclesIsFound() {
        var calls = new AtomicInteger();
        bench.server.disturb((operation, _) -> {
            if (!operation.equals("Scan")) {
                return Optional.empty();
            }
            // A circle of three pages without an item.
            var answer = DynamoJson.JSON.createObjectNode();
            answer.putArray("Items");
            answer.putObject("LastEvaluatedKey").putObject("id").put("S", "at" + calls.incrementAndGet() % 3);
            return Optional.of(answer);
        });

        fails(SourceException.Impossible.class, "Scan", "round in circles");
    }

    @Test
    void anItemThatComesTwiceIsFound() {
        bench.server.disturb((operation, request) -> {
            if (operation.equals("Scan") && request.path("Segment").asInt() == 2) {
                var first = ((tools.jackson.databind.node.ObjectNode) request).put("Segment", 1);
                return Optional.of(bench.tables.call("Scan", first));
            }
            return Optional.empty();
        });

        fails(SourceException.Impossible.class, "twice");
    }

    @Test
    void anItemOfAnotherTableIsFound() {
        bench.server.disturb((operation, _) -> {
            if (!operation.equals("Scan")) {
                return Optional.empty();
            }
            var answer = DynamoJson.JSON.createObjectNode();
            answer.putArray("Items").addObject().putObject("other").put("S", "x");
            return Optional.of(answer);
        });

        fails(SourceException.Impossible.class, "no key attribute id");
    }

    @Test
    void anAnswerForAnotherTableIsFound() {
        bench.server.disturb((operation, _) -> {
            if (!operation.equals("Scan")) {
                return Optional.empty();
            }
            var answer = DynamoJson.JSON.createObjectNode();
            answer.putArray("Items");
            answer.putObject("ConsumedCapacity").put("TableName", "customers").put("CapacityUnits", 1);
            return Optional.of(answer);
        });

        fails(SourceException.Impossible.class, "another table, customers");
    }

    @Test
    void aListOfTablesThatGoesRoundInCirclesIsFound() {
        bench.server.disturb((operation, _) -> {
            if (!operation.equals("ListTables")) {
                return Optional.empty();
            }
            var answer = DynamoJson.JSON.createObjectNode();
            answer.putArray("TableNames");
            answer.put("LastEvaluatedTableName", "orders");
            return Optional.of(answer);
        });

        assertThatThrownBy(() -> bench.connector.discover(bench.endpoint(), _ -> true))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("round in circles");
    }

    @Test
    void tagsThatCannotBeReadEndADiscovery() {
        bench.server.disturb(refusing("ListTagsOfResource", "AccessDeniedException", "no"));

        assertThatThrownBy(() -> bench.connector.discover(bench.endpoint(), _ -> true))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("dynamodb:ListTagsOfResource");
    }

    @Test
    void anEndpointWithoutTagsHasNone() throws Exception {
        bench.server.disturb(refusing("ListTagsOfResource", "UnknownOperationException", "Tagging is not supported"));

        assertThat(bench.connector.describe(bench.source("orders")).tags()).isEmpty();
    }

    @Test
    void aTableIsRestoredWhereThereAreNoTags() throws Exception {
        bench.server.disturb((operation, _) -> {
            if (operation.equals("ListTagsOfResource") || operation.equals("TagResource")) {
                throw DynamoError.of("UnknownOperationException", "Tagging is not supported");
            }
            return Optional.empty();
        });
        bench.capture("orders", "one");

        bench.restore("one", "job-1", Map.of("targettablename", "again"));

        assertThat(bench.tables.items("again")).isEqualTo(bench.tables.items("orders"));
    }

    @Test
    void aCaptureKeepsToItsShareOfTheCapacity() throws Exception {
        bench.tables.create("""
            {"TableName":"slow","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
             "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
             "ProvisionedThroughput":{"ReadCapacityUnits":10,"WriteCapacityUnits":10}}\
            """);
        for (int i = 0; i < 400; i++) {
            bench.tables.put("slow", "{\"id\":{\"S\":\"k%d\"},\"v\":{\"S\":\"%s\"}}".formatted(i, "v".repeat(200)));
        }
        var before = bench.clock.instant();

        bench.capture(
                bench.source("slow", Map.of("readShare", "0.2", "segments", "1")),
                "one",
                Optional.empty(),
                new java.util.concurrent.atomic.AtomicReference<>());

        // 400 items of 240 bytes in pages of 2000 bytes are at least 45 units, of which 2 are allowed each second.
        assertThat(Duration.between(before, bench.clock.instant())).isGreaterThan(Duration.ofSeconds(20));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        for (var wrong : Map.of("readShare", "1.5", "segments", "0").entrySet()) {
            assertThatThrownBy(() -> bench.capture(
                            bench.source("orders", Map.of(wrong.getKey(), wrong.getValue())),
                            "one",
                            Optional.empty(),
                            new java.util.concurrent.atomic.AtomicReference<>()))
                    .isInstanceOf(SourceException.Impossible.class)
                    .hasMessageContaining(wrong.getKey());
        }
    }
}
