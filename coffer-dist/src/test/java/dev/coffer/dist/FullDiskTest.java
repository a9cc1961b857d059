package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.backUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.ServiceUnavailableException;

/** A server whose whole data folder lies on one small disk, of which not one block is left. Needs the right to mount. */
final class FullDiskTest {
    private static final int TREE_FILES = 20;
    private static final int TREE_BYTES = 1_000_000;

    @TempDir
    Path folder;

    private boolean mounted;

    private static boolean run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    }

    private Path data() {
        return folder.resolve("data");
    }

    @BeforeEach
    void mountASmallDisk() throws Exception {
        Files.createDirectories(data());
        mounted = run("mount", "-t", "tmpfs", "-o", "size=128m,mode=0700", "coffer-full-disk", data().toString());
        assumeTrue(mounted, "LEFT OUT: a full disk, since this user cannot mount one. Run the tests as root for it.");
        Trees.random(folder.resolve("tree"), TREE_FILES, TREE_BYTES, 1);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", data().toString())).isTrue();
        }
    }

    /** Takes every block that is left, down to the last. */
    private void fill() throws IOException {
        var piece = ByteBuffer.allocate(1 << 20);
        try (var file = FileChannel.open(
                data().resolve("filler"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            for (int bytes = piece.capacity(); bytes > 0; ) {
                try {
                    file.write(piece.clear().limit(bytes));
                } catch (IOException full) {
                    bytes /= 2;
                }
            }
        }
        assertThat(Files.getFileStore(data()).getUsableSpace()).isZero();
    }

    private String maintain(RunningCoffer server, String verb) throws IOException, InterruptedException {
        var command = new ProcessBuilder(
                        Path.of(System.getProperty("coffer.home"), "bin", "coffer")
                                .toString(),
                        "vault",
                        verb,
                        "Default",
                        "--endpoint-url",
                        server.url(),
                        "--credentials",
                        data().resolve("credentials").toString(),
                        "--region",
                        RunningCoffer.REGION)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("command.log").toFile()))
                .start();
        var out = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.waitFor())
                .as(out + Files.readString(folder.resolve("command.log")))
                .isZero();
        return out;
    }

    private static String backedUp(BackupClient client) throws InterruptedException {
        var job = backUp(client, "Default");
        assertThat(job.state()).as(job.statusMessage()).isEqualTo(BackupJobState.COMPLETED);
        return job.recoveryPointArn();
    }

    private static void awaitGone(BackupClient client, String point) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("Default")).recoveryPoints().stream()
                .anyMatch(listed -> listed.recoveryPointArn().equals(point))) {
            assertThat(System.nanoTime()).as("the recovery point stays").isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    @Test
    void withoutABlockLeftRecoveryPointsAreDeletedAndTheirSpaceIsFreedThroughTheApi() throws Exception {
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var point = backedUp(client);
            assertThat(data().resolve("catalog/.reserve")).exists();
            fill();

            client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(point));
            awaitGone(client, point);
            assertThat(maintain(server, "sweep")).contains("\"Outcome\":\"DONE\"");

            assertThat(Files.getFileStore(data()).getUsableSpace()).isGreaterThan(TREE_FILES * TREE_BYTES / 2);
            client.createBackupVault(r -> r.backupVaultName("after"));
            Files.delete(data().resolve("filler"));
            backedUp(client);
            client.tagResource(r -> r.resourceArn(client.describeBackupVault(v -> v.backupVaultName("after"))
                            .backupVaultArn())
                    .tags(Map.of("a", "b")));
            assertThat(data().resolve("catalog/.reserve")).exists();
        }
    }

    @Test
    void aServerStartsOnAFullDiskAndDeletesThere() throws Exception {
        String point;
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            point = backedUp(client);
            server.kill();
        }
        fill();
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(point));
            awaitGone(client, point);
            assertThat(maintain(server, "sweep")).contains("\"Outcome\":\"DONE\"");
        }
    }

    @Test
    void whenTheReserveIsUsedUpTooRequestsAreToldWhyAndWhatToDo() throws Exception {
        try (var server = RunningCoffer.start(folder);
                var client = server.client()) {
            var point = backedUp(client);
            Files.delete(data().resolve("catalog/.reserve"));
            fill();
            var tags = new HashMap<String, String>();
            for (int i = 0; i < 45; i++) {
                tags.put("key-" + i, "v".repeat(250));
            }
            var refused = refusedAtLast(client, tags);
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.awsErrorDetails().errorMessage())
                    .contains("disk that holds the server's catalog is full")
                    .contains("Delete recovery points and sweep");
            assertThat(server.alive()).isTrue();

            Files.delete(data().resolve("filler"));
            client.createBackupVault(r -> r.backupVaultName("after").backupVaultTags(tags));
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName("Default").recoveryPointArn(point))
                            .statusAsString())
                    .isEqualTo("COMPLETED");
            assertThat(data().resolve("catalog/.reserve")).exists();
        }
    }

    /** The log of SQLite has room of its own for a while. */
    private static BackupException refusedAtLast(BackupClient client, Map<String, String> tags) {
        var arn = client.describeBackupVault(r -> r.backupVaultName("Default")).backupVaultArn();
        for (int i = 0; i < 2_000; i++) {
            var more = new HashMap<String, String>();
            int round = i;
            tags.forEach((key, value) -> more.put(key, value + round));
            var refused = catchThrowableOfType(
                    ServiceUnavailableException.class,
                    () -> client.tagResource(r -> r.resourceArn(arn).tags(more)));
            if (refused != null) {
                return refused;
            }
        }
        throw new AssertionError("the disk never was full");
    }
}
