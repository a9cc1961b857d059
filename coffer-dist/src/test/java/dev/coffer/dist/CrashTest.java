package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.ended;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupVaultListMember;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** {@code kill -9} at bad moments. */
final class CrashTest {
    private static final int FILES = 400;
    private static final int FILE_BYTES = 1_000_000;

    @TempDir
    private Path folder;

    @Test
    void aBackupAndARestoreGoOnWithTheirIdsAfterTheServerWasKilled() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.random(tree, FILES, FILE_BYTES, 4);
        String backupId;
        String pointArn;
        long storedBefore;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var started = client.startBackupJob(
                    r -> r.backupVaultName("Default").resourceArn(RESOURCE).iamRoleArn(ROLE));
            backupId = started.backupJobId();
            pointArn = started.recoveryPointArn();
            awaitStored(coffer.data().resolve("vaults"), 120_000_000L);
            assertThat(client.describeBackupJob(r -> r.backupJobId(backupId)).state())
                    .isEqualTo(BackupJobState.RUNNING);
            coffer.kill();
            storedBefore = stored(coffer.data().resolve("vaults"));
        }
        String restoreId;
        var id = backupId;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var job = RunningCoffer.awaitBackup(client, id, j -> ended(j.state()));
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(job.recoveryPointArn()).isEqualTo(pointArn);
            assertThat(client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("Default"))
                            .recoveryPoints())
                    .as("one point and not two")
                    .hasSize(1);
            assertThat(stored(coffer.data().resolve("vaults")))
                    .as("stored chunks are used again: before the crash there were %s bytes", storedBefore)
                    .isLessThan((long) (1.2 * FILES * FILE_BYTES));

            restoreId = client.startRestoreJob(r ->
                            r.recoveryPointArn(pointArn).iamRoleArn(ROLE).metadata(Map.of("newFileSystem", "true")))
                    .restoreJobId();
            awaitFiles(folder.resolve("restored"), FILES / 4);
            coffer.kill();
        }
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var job = RunningCoffer.awaitRestore(client, restoreId, j -> ended(j.status()));
            assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            var created = folder.resolve("restored").resolve(MainJobTest.id(job.createdResourceArn()));
            assertThat(Trees.listing(created)).isEqualTo(Trees.listing(tree));
            try (var made = Files.list(folder.resolve("restored"))) {
                assertThat(made.filter(Files::isDirectory)).hasSize(1);
            }
        }
    }

    @Test
    void anAnsweredCallSurvivesAnyKill() throws IOException, InterruptedException {
        var acknowledged = new ArrayList<String>();
        int number = 0;
        for (int round = 0; round < 5; round++) {
            try (var coffer = RunningCoffer.start(folder);
                    var client = coffer.client()) {
                assertThat(vaults(client)).containsAll(acknowledged);
                var someAnswered = new CountDownLatch(3 + 4 * round);
                var from = number;
                var answered = new ArrayList<String>();
                var calling = Thread.ofVirtual().start(() -> createUntilKilled(client, from, answered, someAnswered));
                someAnswered.await();
                coffer.kill();
                calling.join();
                acknowledged.addAll(answered);
                number += answered.size() + 1;
            }
        }
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            assertThat(vaults(client)).containsAll(acknowledged);
            assertThat(acknowledged).hasSizeGreaterThan(30);
            assertThat(coffer.stop()).isZero();
        }
    }

    private static void createUntilKilled(BackupClient client, int from, List<String> answered, CountDownLatch some) {
        int number = from;
        while (number < from + 40) {
            var name = "vault-" + number++;
            try {
                client.createBackupVault(r -> r.backupVaultName(name));
            } catch (SdkException killed) {
                break;
            }
            answered.add(name);
            some.countDown();
        }
        while (some.getCount() > 0) {
            some.countDown();
        }
    }

    private static List<String> vaults(BackupClient client) {
        return client.listBackupVaultsPaginator(r -> r.maxResults(7)).backupVaultList().stream()
                .map(BackupVaultListMember::backupVaultName)
                .toList();
    }

    private static void awaitStored(Path vaults, long bytes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (stored(vaults) < bytes) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing is stored");
            }
            Thread.sleep(5);
        }
    }

    private static void awaitFiles(Path restored, int files) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (count(restored) < files) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing is restored");
            }
            Thread.sleep(5);
        }
    }

    private static long stored(Path vaults) throws IOException {
        long bytes = 0;
        for (var file : files(vaults)) {
            try {
                bytes += Files.size(file);
            } catch (java.nio.file.NoSuchFileException moved) {
                // A temporary file that has got its name meanwhile.
            }
        }
        return bytes;
    }

    private static long count(Path folder) throws IOException {
        return files(folder).size();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (java.io.UncheckedIOException changedMeanwhile) {
            return List.of();
        }
    }
}
