package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.dynamodb.DynamoServer;
import dev.coffer.testkit.dynamodb.DynamoTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.CopyJobState;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Tables behind an endpoint, from outside: found, backed up, changed, lost, restored; with {@code kill -9} in between. */
final class DynamoDbTest {
    private static final String TABLE = "orders";
    private static final String ARN =
            "arn:aws:dynamodb:" + RunningCoffer.REGION + ":" + RunningCoffer.ACCOUNT + ":table/";
    private static final int ITEMS = 3000;

    @TempDir
    private Path folder;

    private DynamoServer server;
    private DynamoTables tables;

    @BeforeEach
    void serveTables() throws IOException {
        server = new DynamoServer(InstantSource.system(), 20_000);
        tables = server.tables();
        tables.create("""
                {"TableName":"orders","BillingMode":"PAY_PER_REQUEST",
                 "AttributeDefinitions":[{"AttributeName":"customer","AttributeType":"S"},{"AttributeName":"number","AttributeType":"N"},
                   {"AttributeName":"state","AttributeType":"S"}],
                 "KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"number","KeyType":"RANGE"}],
                 "GlobalSecondaryIndexes":[{"IndexName":"by-state","KeySchema":[{"AttributeName":"state","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}],
                 "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"},
                 "Tags":[{"Key":"backup","Value":"daily"}]}""");
        for (int i = 0; i < ITEMS; i++) {
            tables.put(TABLE, order(i, "new"));
        }
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("coffer.yaml"),
                RunningCoffer.usualConfig(folder)
                        + "  - {type: DynamoDB, endpoint: \"" + server.uri()
                        + "\", accessKeyId: AKIATEST, secretAccessKey: secret, segments: 3}\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String order(int number, String state) {
        return "{\"customer\":{\"S\":\"c%d\"},\"number\":{\"N\":\"%d\"},\"state\":{\"S\":\"%s\"},\"text\":{\"S\":\"%s\"}}"
                .formatted(number % 100, number, state, "some text of order " + number);
    }

    private static DescribeBackupJobResponse backUp(BackupClient client) throws InterruptedException {
        var id = client.startBackupJob(r ->
                        r.backupVaultName("Default").resourceArn(ARN + TABLE).iamRoleArn(ROLE))
                .backupJobId();
        return RunningCoffer.awaitBackup(client, id, job -> ended(job.state()));
    }

    @Test
    void aTableIsBackedUpAndRestoredAsItWasAtEachPoint() throws Exception {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var atOne = tables.items(TABLE);
            var definition = tables.definition(TABLE);
            var one = backUp(client);
            assertThat(one.state()).as(one.toString()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(one.statusMessage()).isNull();
            tables.put(TABLE, order(7, "changed"));
            tables.delete(TABLE, "{\"customer\":{\"S\":\"c8\"},\"number\":{\"N\":\"8\"}}");
            var atTwo = tables.items(TABLE);
            var two = backUp(client);
            assertThat(two.state()).as(two.toString()).isEqualTo(BackupJobState.COMPLETED);
            tables.call("DeleteTable", "{\"TableName\":\"orders\"}");
            var copies =
                    client.createBackupVault(r -> r.backupVaultName("copies")).backupVaultArn();
            var copy = RunningCoffer.copy(client, "Default", two.recoveryPointArn(), copies);
            assertThat(copy.state()).as(copy.toString()).isEqualTo(CopyJobState.COMPLETED);

            var metadata = client.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("Default").recoveryPointArn(one.recoveryPointArn()))
                    .restoreMetadata();
            assertThat(metadata)
                    .containsEntry("targetTableName", TABLE)
                    .containsEntry("encryptionType", "Default")
                    .containsEntry("coffer:consistency", "instant");
            var back = RunningCoffer.restore(client, one.recoveryPointArn(), Map.of("targetTableName", TABLE));
            assertThat(back.status()).as(back.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(back.createdResourceArn()).isEqualTo(ARN + TABLE);
            assertThat(tables.items(TABLE)).isEqualTo(atOne);
            assertThat(tables.definition(TABLE)).isEqualTo(definition);
            for (var point : List.of(two.recoveryPointArn(), copy.destinationRecoveryPointArn())) {
                RunningCoffer.restore(client, point, Map.of("targetTableName", "second"));
                assertThat(tables.items("second")).isEqualTo(atTwo);
                tables.call("DeleteTable", "{\"TableName\":\"second\"}");
            }

            var some = RunningCoffer.restore(
                    client,
                    one.recoveryPointArn(),
                    Map.of(
                            "targetTableName",
                            "some",
                            "coffer:keys",
                            "[{\"customer\":{\"S\":\"c8\"},\"number\":{\"N\":\"8\"}}]"));
            assertThat(some.status()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(tables.items("some")).hasSize(1);
            var taken = RunningCoffer.restore(client, one.recoveryPointArn(), Map.of("targetTableName", TABLE));
            assertThat(taken.status()).isEqualTo(RestoreJobStatus.FAILED);
            assertThat(taken.statusMessage()).contains("Table already exists");
        }
        exportedWithoutServer();
    }

    private void exportedWithoutServer() throws IOException, InterruptedException {
        var vault = folder.resolve("data/vaults/" + RunningCoffer.ACCOUNT + "/" + RunningCoffer.REGION + "/Default");
        var process = RunningCoffer.launch(
                folder,
                "rescue",
                "export",
                "--vault",
                vault.toString(),
                "--key",
                folder.resolve("data/keys").toString(),
                "latest",
                "--format",
                "CSV",
                "--key-condition",
                "{\"customer\":{\"ComparisonOperator\":\"EQ\",\"AttributeValueList\":[{\"S\":\"c7\"}]},"
                        + "\"number\":{\"ComparisonOperator\":\"LT\",\"AttributeValueList\":[{\"N\":\"200\"}]}}");
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(lines)
                .isEqualTo(List.of(
                        "customer,number,state,text",
                        "c7,7,changed,some text of order 7",
                        "c7,107,new,some text of order 107"));
    }

    @Test
    void aBackupAndARestoreGoOnAfterTheServerWasKilled() throws Exception {
        var expected = tables.items(TABLE);
        String backup;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var some = pausingAt("Scan", 12);
            backup = client.startBackupJob(r -> r.backupVaultName("Default")
                            .resourceArn(ARN + TABLE)
                            .iamRoleArn(ROLE))
                    .backupJobId();
            some.await();
            coffer.kill();
            server.calm();
        }
        var id = backup;
        String restore;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var job = RunningCoffer.awaitBackup(client, id, j -> ended(j.state()));
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            var some = pausingAt("BatchWriteItem", 30);
            restore = client.startRestoreJob(r -> r.recoveryPointArn(job.recoveryPointArn())
                            .iamRoleArn(ROLE)
                            .metadata(Map.of("targetTableName", "again")))
                    .restoreJobId();
            some.await();
            coffer.kill();
            server.calm();
        }
        assertThat(tables.items("again").size()).isBetween(1, ITEMS - 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var job = RunningCoffer.awaitRestore(client, restore, j -> ended(j.status()));
            assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(tables.items("again")).isEqualTo(expected);
        }
    }

    /** Lets so many calls of the operation through, then tells and answers none of them any more. */
    private CountDownLatch pausingAt(String operation, int calls) {
        var seen = new AtomicInteger();
        var reached = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        server.disturb((called, _) -> {
            if (called.equals(operation) && seen.incrementAndGet() > calls) {
                reached.countDown();
                try {
                    never.await();
                } catch (InterruptedException closing) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.empty();
        });
        return reached;
    }

    @Test
    void changesDuringABackupOfARunningTableAreInThePoint() throws Exception {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var scans = new AtomicInteger();
            server.disturb((operation, _) -> {
                if (operation.equals("Scan")) {
                    int scan = scans.incrementAndGet();
                    tables.put(TABLE, order(scan % ITEMS, "during " + scan));
                    tables.delete(
                            TABLE,
                            "{\"customer\":{\"S\":\"c50\"},\"number\":{\"N\":\"" + (50 + 100 * (scan % 20)) + "\"}}");
                }
                return Optional.empty();
            });
            var job = backUp(client);
            server.calm();
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            RunningCoffer.restore(client, job.recoveryPointArn(), Map.of("targetTableName", "again"));
            assertThat(tables.items("again")).isEqualTo(tables.items(TABLE));
        }
    }

    @Test
    void aMissingPermissionEndsTheJobWithTheCallAndTheWayOut() throws Exception {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            server.disturb((operation, _) -> {
                if (operation.equals("Scan")) {
                    throw dev.coffer.testkit.dynamodb.DynamoError.of("AccessDeniedException", "not you");
                }
                return Optional.empty();
            });

            var job = backUp(client);

            assertThat(job.state()).isEqualTo(BackupJobState.FAILED);
            assertThat(job.statusMessage()).contains("Scan", ARN + TABLE, "Allow dynamodb:Scan");
            assertThat(job.statusMessage() + coffer.log()).doesNotContain("secretAccessKey\":\"secret");
        }
    }
}
