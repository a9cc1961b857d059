package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.FILE_SYSTEM;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.backUp;
import static dev.coffer.dist.RunningCoffer.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.RecoveryPointStatus;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** A directory tree goes into a vault and comes back, through the AWS SDK. */
final class MainJobTest {
    @TempDir
    private Path folder;

    @Test
    void aTreeThatIsLostComesBackAsItWas() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.odd(tree);
        Trees.random(tree.resolve("data"), 20, 1_500_000, 1);
        var before = Trees.listing(tree);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod").backupVaultTags(Map.of("team", "files")));
            var job = backUp(client, "prod");
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(job.percentDone()).isEqualTo("100.0");
            assertThat(job.backupSizeInBytes()).isGreaterThan(30_000_000);

            var point = client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("prod"))
                    .recoveryPoints()
                    .getFirst();
            assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
            assertThat(point.recoveryPointArn()).isEqualTo(job.recoveryPointArn());

            Trees.sh(tree, "rm -rf deep 'with space' second; printf 'garbage' > data/random-3");
            var full = restore(client, point.recoveryPointArn(), Map.of("newFileSystem", "true", "Encrypted", "false"));
            assertThat(full.status()).as(full.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(full.statusMessage()).isNull();
            var created = folder.resolve("restored").resolve(id(full.createdResourceArn()));
            assertThat(Trees.listing(created)).isEqualTo(before);

            var items = restore(
                    client,
                    point.recoveryPointArn(),
                    Map.of(
                            "newFileSystem",
                            "false",
                            "file-system-id",
                            FILE_SYSTEM,
                            "ItemsToRestore",
                            "[\"/with space\",\"/data/random-3\"]"));
            assertThat(items.status()).as(items.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(items.createdResourceArn()).isEqualTo(RESOURCE);
            var recovery = recoveryFolders(tree);
            assertThat(recovery).hasSize(1);
            assertThat(Files.mismatch(recovery.getFirst().resolve("data/random-3"), created.resolve("data/random-3")))
                    .isEqualTo(-1);
            assertThat(Trees.listing(recovery.getFirst().resolve("with space")))
                    .isEqualTo(Trees.listing(created.resolve("with space")));
            assertThat(tree.resolve("data/random-3"))
                    .as("an item restore overwrites nothing")
                    .hasContent("garbage");
            assertThat(recovery.getFirst().resolve("data/random-4")).doesNotExist();

            assertThat(client.describeRestoreJob(r -> r.restoreJobId(items.restoreJobId()))
                            .sourceResourceArn())
                    .isEqualTo(RESOURCE);
            assertThat(client.getRestoreJobMetadata(r -> r.restoreJobId(items.restoreJobId()))
                            .metadata())
                    .containsEntry("file-system-id", FILE_SYSTEM);
            assertThat(client.listRestoreJobs(r -> r.byStatus("COMPLETED")).restoreJobs())
                    .hasSize(2);
            assertThat(client.listRestoreJobsByProtectedResource(r -> r.resourceArn(RESOURCE))
                            .restoreJobs())
                    .hasSize(2);
        }
    }

    @Test
    void aSecondBackupMovesOnlyWhatHasChanged() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.random(tree, 30, 1_000_000, 2);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var first = backUp(client, "Default");
            assertThat(first.bytesTransferred()).isGreaterThanOrEqualTo(30_000_000);
            Files.writeString(tree.resolve("random-7"), "a little more", StandardOpenOption.APPEND);
            Files.delete(tree.resolve("random-8"));
            var second = backUp(client, "Default");
            assertThat(second.state()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(second.bytesTransferred()).isLessThan(3_000_000);

            client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(first.recoveryPointArn()));
            awaitGone(client, first.recoveryPointArn());
            var restored = restore(client, second.recoveryPointArn(), Map.of("newFileSystem", "true"));
            assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(Trees.listing(folder.resolve("restored").resolve(id(restored.createdResourceArn()))))
                    .isEqualTo(Trees.listing(tree));

            var again = restored.createdResourceArn();
            var backedUp = client.startBackupJob(
                    r -> r.backupVaultName("Default").resourceArn(again).iamRoleArn(ROLE));
            assertThat(RunningCoffer.awaitBackup(
                                    client, backedUp.backupJobId(), job -> RunningCoffer.ended(job.state()))
                            .state())
                    .as("what a restore has made is a resource too")
                    .isEqualTo(BackupJobState.COMPLETED);
        }
    }

    @Test
    void aStoppedJobLeavesNoRecoveryPoint() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 60, 5_000_000, 5);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var id = client.startBackupJob(r ->
                            r.backupVaultName("Default").resourceArn(RESOURCE).iamRoleArn(ROLE))
                    .backupJobId();
            client.stopBackupJob(r -> r.backupJobId(id));
            var job = RunningCoffer.awaitBackup(client, id, j -> RunningCoffer.ended(j.state()));
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.ABORTED);
            assertThat(job.statusMessage()).isEqualTo("Backup job was stopped by user.");
            assertThat(client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("Default"))
                            .recoveryPoints())
                    .isEmpty();
            assertThat(catchThrowable(() -> client.stopBackupJob(r -> r.backupJobId(id))))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void protectedResourcesTagsAndSettingsTellWhatIsThere() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 2, 10_000, 3);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            var job = client.startBackupJob(r -> r.backupVaultName("prod")
                    .resourceArn(RESOURCE)
                    .iamRoleArn(ROLE)
                    .startWindowMinutes(60L)
                    .completeWindowMinutes(120L)
                    .lifecycle(l -> l.deleteAfterDays(30L))
                    .recoveryPointTags(Map.of("why", "test")));
            RunningCoffer.awaitBackup(client, job.backupJobId(), j -> RunningCoffer.ended(j.state()));
            var arn = job.recoveryPointArn();
            assertThat(client.listTags(r -> r.resourceArn(arn)).tags())
                    .containsEntry("why", "test")
                    .containsEntry("backup", "daily");
            client.tagResource(r -> r.resourceArn(arn).tags(Map.of("more", "x")));
            client.untagResource(r -> r.resourceArn(arn).tagKeyList("why"));
            assertThat(client.listTags(r -> r.resourceArn(arn)).tags()).containsOnlyKeys("backup", "more");

            var described =
                    client.describeRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(arn));
            assertThat(described.lifecycle().deleteAfterDays()).isEqualTo(30);
            assertThat(described.calculatedLifecycle().deleteAt())
                    .isEqualTo(described.creationDate().plus(java.time.Duration.ofDays(30)));
            var updated = client.updateRecoveryPointLifecycle(
                    r -> r.backupVaultName("prod").recoveryPointArn(arn).lifecycle(l -> l.deleteAfterDays(60L)));
            assertThat(updated.lifecycle().deleteAfterDays()).isEqualTo(60);
            assertThat(client.getRecoveryPointRestoreMetadata(
                                    r -> r.backupVaultName("prod").recoveryPointArn(arn))
                            .restoreMetadata())
                    .containsEntry("file-system-id", FILE_SYSTEM);

            assertThat(client.listProtectedResources().results())
                    .extracting("resourceArn")
                    .containsExactly(RESOURCE);
            assertThat(client.listProtectedResourcesByBackupVault(r -> r.backupVaultName("prod"))
                            .results())
                    .hasSize(1);
            assertThat(client.listProtectedResourcesByBackupVault(r -> r.backupVaultName("Default"))
                            .results())
                    .isEmpty();
            assertThat(client.describeProtectedResource(r -> r.resourceArn(RESOURCE))
                            .lastRecoveryPointArn())
                    .isEqualTo(arn);
            assertThat(client.listRecoveryPointsByResource(r -> r.resourceArn(RESOURCE))
                            .recoveryPoints())
                    .hasSize(1);

            assertThat(client.getSupportedResourceTypes(r -> {}).resourceTypes())
                    .isEqualTo(List.of("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "RDS", "S3"));
            client.updateRegionSettings(r -> r.resourceTypeOptInPreference(Map.of("RDS", false)));
            assertThat(client.describeRegionSettings(r -> {}).resourceTypeOptInPreference())
                    .containsEntry("RDS", false)
                    .containsEntry("EFS", true);

            assertThat(client.describeBackupVault(r -> r.backupVaultName("prod"))
                            .numberOfRecoveryPoints())
                    .isEqualTo(1);
            client.deleteRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(arn));
            awaitGone(client, "prod", arn);
            client.deleteBackupVault(r -> r.backupVaultName("prod"));
            assertThat(client.listBackupVaults().backupVaultList())
                    .extracting("backupVaultName")
                    .containsExactly("Default");
        }
    }

    private static void awaitGone(software.amazon.awssdk.services.backup.BackupClient client, String arn)
            throws InterruptedException {
        awaitGone(client, "Default", arn);
    }

    static void awaitGone(software.amazon.awssdk.services.backup.BackupClient client, String vault, String arn)
            throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                client.describeRecoveryPoint(r -> r.backupVaultName(vault).recoveryPointArn(arn));
            } catch (ResourceNotFoundException gone) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the recovery point does not go: " + arn);
    }

    static List<Path> recoveryFolders(Path tree) throws IOException {
        try (var all = Files.list(tree)) {
            return all.filter(path -> path.getFileName().toString().startsWith("aws-backup-restore_"))
                    .toList();
        }
    }

    static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }
}
