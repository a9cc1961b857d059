package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.dynamodb.DynamoServer;
import dev.coffer.testkit.dynamodb.DynamoTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** A plan that backs a table up continuously, from outside, with {@code kill -9} in between. */
final class DynamoDbContinuousTest {
    private static final String ARN =
            "arn:aws:dynamodb:" + RunningCoffer.REGION + ":" + RunningCoffer.ACCOUNT + ":table/orders";

    @TempDir
    private Path folder;

    private DynamoServer server;
    private DynamoTables tables;
    private final TreeMap<Instant, SortedMap<String, String>> states = new TreeMap<>();

    @BeforeEach
    void serveTables() throws IOException {
        server = new DynamoServer(InstantSource.system(), 20_000);
        tables = server.tables();
        tables.cutTimesTo(ChronoUnit.SECONDS);
        tables.create("""
            {"TableName":"orders","BillingMode":"PAY_PER_REQUEST",
             "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
             "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
             "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}\
            """);
        for (int i = 0; i < 500; i++) {
            put(i, "base");
        }
        Files.writeString(
                folder.resolve("coffer.yaml"),
                RunningCoffer.usualConfig(folder)
                        + "  - {type: DynamoDB, endpoint: \"" + server.uri()
                        + "\", accessKeyId: AKIATEST, secretAccessKey: secret, followSeconds: 1}\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void put(int id, String value) {
        tables.put("orders", "{\"id\":{\"S\":\"%d\"},\"value\":{\"S\":\"%s\"}}".formatted(id, value));
    }

    /** Remembers what the table is, at a whole second after all that was done before and before all that is done afterwards. */
    private Instant note() throws InterruptedException {
        var second = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        states.put(second, tables.items("orders"));
        while (!Instant.now().isAfter(second.plusSeconds(1))) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return second;
    }

    /** Waits until the moment can be restored. */
    private static Map<String, String> reached(BackupClient client, String arn, Instant moment)
            throws InterruptedException {
        var until = Instant.now().plus(RunningCoffer.PATIENCE);
        while (true) {
            var metadata = client.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("Default").recoveryPointArn(arn))
                    .restoreMetadata();
            var last = Instant.parse(metadata.getOrDefault("RestoreTime", "1970-01-01T00:00:00Z"));
            if (!last.isBefore(moment)) {
                return metadata;
            }
            assertThat(Instant.now()).as("%s of %s", last, moment).isBefore(until);
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @Test
    void aTableIsRestoredToTheSecondAfterItWasDeletedAlsoAfterAKill() throws Exception {
        String arn;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            ContinuousPlan.make(client, ARN);
            var until = Instant.now().plus(RunningCoffer.PATIENCE);
            while (client.listBackupJobs(r -> {}).backupJobs().isEmpty()
                    && Instant.now().isBefore(until)) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
            var listed = client.listBackupJobs(r -> {}).backupJobs().getFirst();
            var job = RunningCoffer.awaitBackup(client, listed.backupJobId(), j -> RunningCoffer.ended(j.state()));
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            arn = job.recoveryPointArn();
            put(1, "one");
            put(1000, "added");
            var first = note();
            put(1, "two");
            tables.delete("orders", "{\"id\":{\"S\":\"1000\"}}");
            note();
            reached(client, arn, first);
            coffer.kill();
        }
        put(2, "while nobody looked");
        note();
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            put(3, "after");
            var last = note();
            put(4, "too late");
            var metadata = reached(client, arn, last);
            tables.call("DeleteTable", "{\"TableName\":\"orders\"}");
            int number = 0;
            for (var state : states.entrySet()) {
                var name = "again" + ++number;
                var all = new HashMap<>(metadata);
                all.put("targetTableName", name);
                all.put("RestoreTime", state.getKey().toString());
                var restored = RunningCoffer.restore(client, arn, all);
                assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
                assertThat(tables.items(name)).as("%s", state.getKey()).isEqualTo(state.getValue());
            }
        }
    }
}
