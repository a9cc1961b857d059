package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;
import software.amazon.awssdk.services.backup.model.StorageClass;

/** A recovery point moves to cold storage, is read from there, with and without a server, and goes. */
final class ColdTest {
    private static final String DEFAULT = "Default";
    private static final String PLACE = RunningCoffer.ACCOUNT + "/" + RunningCoffer.REGION + "/" + DEFAULT;

    @TempDir
    private Path folder;

    private record Ran(int code, String out, String err) {}

    private Ran coffer(String... arguments) throws IOException, InterruptedException {
        var errors = Files.createTempFile(folder, "err", ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(errors));
    }

    private Ran rescue(String verb, String... more) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(
                "rescue",
                verb,
                "--vault",
                folder.resolve("data/vaults").resolve(PLACE).toString(),
                "--key",
                folder.resolve("data/keys").toString()));
        arguments.addAll(List.of(more));
        return coffer(arguments.toArray(String[]::new));
    }

    private Path slow() {
        return folder.resolve("slow");
    }

    private static long packBytes(Path vault) throws IOException {
        if (!Files.isDirectory(vault.resolve("packs"))) {
            return 0;
        }
        try (var files = Files.walk(vault.resolve("packs"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private long warmBytes() throws IOException {
        return packBytes(folder.resolve("data/vaults").resolve(PLACE));
    }

    private long coldBytes() throws IOException {
        return packBytes(slow().resolve(PLACE));
    }

    /** What two days do to all recovery points. */
    private void letTwoDaysPass() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/catalog/catalog.db"));
                var change = connection.createStatement()) {
            long days = 2 * 86_400_000L;
            change.executeUpdate("update recovery_point set created_at = created_at - " + days
                    + ", delete_at = delete_at - " + days + ", cold_at = cold_at - " + days);
        }
    }

    private static void awaitCold(BackupClient client, String point) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (storage(client, point) != StorageClass.COLD) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the recovery point does not move: " + point);
            }
            Thread.sleep(20);
        }
    }

    private static StorageClass storage(BackupClient client, String point) {
        return client.describeRecoveryPoint(r -> r.backupVaultName(DEFAULT).recoveryPointArn(point))
                .storageClass();
    }

    private void sweep(RunningCoffer server) throws IOException, InterruptedException {
        var swept = coffer(
                "vault",
                "sweep",
                DEFAULT,
                "--endpoint-url",
                server.url(),
                "--credentials",
                server.data().resolve("credentials").toString());
        assertThat(swept.out()).as(swept.err()).contains("\"Outcome\":\"DONE\"");
    }

    private void assertRestores(BackupClient client, String point, String expected) throws Exception {
        var job = RunningCoffer.restore(client, point, Map.of("newFileSystem", "true", "Encrypted", "false"));
        assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
        assertThat(job.statusMessage()).contains("was in cold storage");
        var arn = job.createdResourceArn();
        var made = folder.resolve("restored").resolve(arn.substring(arn.lastIndexOf('/') + 1));
        assertThat(Trees.listing(made)).isEqualTo(expected);
    }

    @Test
    void aPointMovesToTheColdFolderIsReadFromThereAndGoes() throws Exception {
        Files.createDirectories(slow());
        Files.writeString(
                folder.resolve("coffer.yaml"),
                RunningCoffer.usualConfig(folder) + "coldStorage: {path: \"" + slow() + "\"}\n");
        var tree = folder.resolve("tree");
        Trees.random(tree, 8, 500_000, 5);
        var before = Trees.listing(tree);
        String old;
        String young;
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var id = client.startBackupJob(r -> r.backupVaultName(DEFAULT)
                            .resourceArn(RESOURCE)
                            .iamRoleArn(ROLE)
                            .lifecycle(l -> l.moveToColdStorageAfterDays(1L).deleteAfterDays(100L)))
                    .backupJobId();
            old = RunningCoffer.awaitBackup(client, id, job -> RunningCoffer.ended(job.state()))
                    .recoveryPointArn();
            Trees.sh(tree, "rm random-0 random-1 random-2 random-3 random-4; printf new > later");
            young = RunningCoffer.backUp(client, DEFAULT).recoveryPointArn();
            assertThat(storage(client, old)).isEqualTo(StorageClass.WARM);
            assertThat(coldBytes()).isZero();
            server.stop();
        }
        long warm = warmBytes();
        letTwoDaysPass();
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            awaitCold(client, old);
            assertThat(storage(client, young)).isEqualTo(StorageClass.WARM);
            assertThat(coldBytes()).as("what the young one does not need").isBetween(2_400_000L, 2_700_000L);
            sweep(server);
            assertThat(warmBytes()).isLessThan(warm - 2_300_000);
            assertRestores(client, old, before);
            assertThat(catchThrowableOfType(
                                    InvalidRequestException.class,
                                    () -> client.updateRecoveryPointLifecycle(r -> r.backupVaultName(DEFAULT)
                                            .recoveryPointArn(old)
                                            .lifecycle(l -> l.moveToColdStorageAfterDays(5L)
                                                    .deleteAfterDays(200L))))
                            .awsErrorDetails()
                            .errorMessage())
                    .contains("can no longer be changed. Send 1.");
            var changed = client.updateRecoveryPointLifecycle(r -> r.backupVaultName(DEFAULT)
                    .recoveryPointArn(old)
                    .lifecycle(l -> l.moveToColdStorageAfterDays(1L).deleteAfterDays(200L)));
            assertThat(changed.lifecycle().deleteAfterDays()).isEqualTo(200);
            server.kill();
        }
        rescues(before);
        Trees.sh(folder, "rm -rf data/catalog data/cache data/credentials");
        var rebuilt = coffer(
                "rescue",
                "rebuild-catalog",
                "--data",
                folder.resolve("data").toString(),
                "--config",
                folder.resolve("coffer.yaml").toString());
        assertThat(rebuilt.code()).as(rebuilt.err()).isZero();
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            assertThat(storage(client, old)).isEqualTo(StorageClass.COLD);
            assertThat(storage(client, young)).isEqualTo(StorageClass.WARM);
            assertRestores(client, old, before);
            client.deleteRecoveryPoint(r -> r.backupVaultName(DEFAULT).recoveryPointArn(old));
            MainJobTest.awaitGone(client, DEFAULT, old);
            sweep(server);
            assertThat(coldBytes()).isZero();
        }
    }

    private void rescues(String before) throws Exception {
        var cold = slow().resolve(PLACE).toString();
        assertThat(coffer("rescue", "scan", folder.resolve("data").toString(), "--cold", slow().toString())
                        .out())
                .contains("2 recovery points")
                .contains("cold       1 of the recovery points");
        var list = rescue("list", "--cold", cold);
        assertThat(list.out()).as(list.err()).containsOnlyOnce("storage    cold");
        var sound = rescue("verify", "--cold", cold);
        assertThat(sound.code()).as(sound.out()).isZero();
        var keyless = coffer(
                "rescue",
                "verify",
                "--vault",
                folder.resolve("data/vaults").resolve(PLACE).toString(),
                "--cold",
                cold);
        assertThat(keyless.out()).as(keyless.err()).contains("nothing is damaged");
        var unnamed = rescue("verify");
        assertThat(unnamed.code()).isEqualTo(1);
        assertThat(unnamed.err())
                .contains("error: the cold storage of the vault is not at")
                .contains("--cold");
        var wrong = rescue("list", "--cold", folder.toString());
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("the cold storage of the vault is not at");

        var ids = list.out().lines().toList();
        int line = ids.indexOf("  storage    cold");
        var id = ids.subList(0, line).reversed().stream()
                .filter(text -> !text.startsWith(" "))
                .findFirst()
                .orElseThrow();
        var target = folder.resolve("rescued");
        var restored = rescue("restore", "--cold", cold, id, "--to", target.toString());
        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(Trees.listing(target)).isEqualTo(before);
    }
}
