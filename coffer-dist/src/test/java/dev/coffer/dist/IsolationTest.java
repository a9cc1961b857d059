package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.OTHER_ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;

/** Two accounts on one installation never see or touch each other's things, and neither do two Regions of one account. */
final class IsolationTest {
    @TempDir
    private Path folder;

    @Test
    void anotherAccountSeesNothingAndChangesNothing() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 2, 10_000, 9);
        try (var coffer = RunningCoffer.start(folder);
                var owner = coffer.client();
                var stranger = coffer.client(coffer.credentials("coffer-archive"), REGION);
                var elsewhere = coffer.client(coffer.credentials("coffer"), "eu-central-1")) {
            owner.createBackupVault(r -> r.backupVaultName("prod"));
            var job = RunningCoffer.backUp(owner, "prod");
            var point = job.recoveryPointArn();
            var restore = RunningCoffer.restore(owner, point, Map.of("newFileSystem", "true"));
            var vault =
                    owner.describeBackupVault(r -> r.backupVaultName("prod")).backupVaultArn();
            var strangersRole = "arn:aws:iam::" + OTHER_ACCOUNT + ":role/service-role/AWSBackupDefaultServiceRole";

            var calls = new LinkedHashMap<String, Consumer<BackupClient>>();
            calls.put("describe vault", c -> c.describeBackupVault(r -> r.backupVaultName("prod")));
            calls.put(
                    "describe vault by account",
                    c -> c.describeBackupVault(r -> r.backupVaultName("prod").backupVaultAccountId(ACCOUNT)));
            calls.put("delete vault", c -> c.deleteBackupVault(r -> r.backupVaultName("prod")));
            calls.put("points", c -> c.listRecoveryPointsByBackupVault(r -> r.backupVaultName("prod")));
            calls.put(
                    "point",
                    c -> c.describeRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(point)));
            calls.put(
                    "delete point",
                    c -> c.deleteRecoveryPoint(r -> r.backupVaultName("prod").recoveryPointArn(point)));
            calls.put(
                    "lifecycle",
                    c -> c.updateRecoveryPointLifecycle(r ->
                            r.backupVaultName("prod").recoveryPointArn(point).lifecycle(l -> l.deleteAfterDays(1L))));
            calls.put(
                    "metadata",
                    c -> c.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)));
            calls.put(
                    "index",
                    c -> c.getRecoveryPointIndexDetails(
                            r -> r.backupVaultName("prod").recoveryPointArn(point)));
            calls.put(
                    "index settings",
                    c -> c.updateRecoveryPointIndexSettings(r ->
                            r.backupVaultName("prod").recoveryPointArn(point).index("DISABLED")));
            calls.put("lock", c -> c.putBackupVaultLockConfiguration(r -> r.backupVaultName("prod")));
            calls.put("unlock", c -> c.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("prod")));
            var hold = owner.createLegalHold(r -> r.title("case").description("why"))
                    .legalHoldId();
            calls.put("hold", c -> c.getLegalHold(r -> r.legalHoldId(hold)));
            calls.put("held points", c -> c.listRecoveryPointsByLegalHold(r -> r.legalHoldId(hold)));
            calls.put(
                    "cancel hold",
                    c -> c.cancelLegalHold(r -> r.legalHoldId(hold).cancelDescription("mine now")));
            calls.put("backup job", c -> c.describeBackupJob(r -> r.backupJobId(job.backupJobId())));
            calls.put("stop job", c -> c.stopBackupJob(r -> r.backupJobId(job.backupJobId())));
            calls.put("restore job", c -> c.describeRestoreJob(r -> r.restoreJobId(restore.restoreJobId())));
            calls.put("restore metadata", c -> c.getRestoreJobMetadata(r -> r.restoreJobId(restore.restoreJobId())));
            calls.put("resource", c -> c.describeProtectedResource(r -> r.resourceArn(RESOURCE)));
            calls.put("list tags", c -> c.listTags(r -> r.resourceArn(vault)));
            calls.put("tag", c -> c.tagResource(r -> r.resourceArn(vault).tags(Map.of("a", "b"))));
            calls.put("untag", c -> c.untagResource(r -> r.resourceArn(vault).tagKeyList("a")));
            calls.put(
                    "start backup",
                    c -> c.startBackupJob(r ->
                            r.backupVaultName("Default").resourceArn(RESOURCE).iamRoleArn(strangersRole)));
            calls.put(
                    "start restore",
                    c -> c.startRestoreJob(r -> r.recoveryPointArn(point)
                            .iamRoleArn(strangersRole)
                            .metadata(Map.of("newFileSystem", "true"))));
            owner.createBackupVault(r -> r.backupVaultName("copies"));
            var copies = vault.replace("prod", "copies");
            var copy = owner.startCopyJob(r -> r.recoveryPointArn(point)
                            .sourceBackupVaultName("prod")
                            .destinationBackupVaultArn(copies)
                            .iamRoleArn(RunningCoffer.ROLE))
                    .copyJobId();
            calls.put("copy job", c -> c.describeCopyJob(r -> r.copyJobId(copy)));
            calls.put(
                    "start copy",
                    c -> c.startCopyJob(r -> r.recoveryPointArn(point)
                            .sourceBackupVaultName("prod")
                            .destinationBackupVaultArn(copies)
                            .iamRoleArn(strangersRole)));
            calls.forEach((name, call) -> {
                var refusal = catchThrowableOfType(BackupException.class, () -> call.accept(stranger));
                assertThat(refusal).as(name).isNotNull();
                assertThat(refusal.statusCode()).as(name + " " + refusal).isIn(400, 403);
            });

            for (var client : new BackupClient[] {stranger, elsewhere}) {
                assertThat(client.listBackupVaults().backupVaultList())
                        .extracting("backupVaultName")
                        .containsExactly("Default");
                assertThat(client.listBackupJobs().backupJobs()).isEmpty();
                assertThat(client.listCopyJobs(r -> {}).copyJobs()).isEmpty();
                assertThat(client.listRestoreJobs().restoreJobs()).isEmpty();
                assertThat(client.listProtectedResources().results()).isEmpty();
                assertThat(client.listLegalHolds(r -> {}).legalHolds()).isEmpty();
                assertThat(client.listIndexedRecoveryPoints(r -> {}).indexedRecoveryPoints())
                        .isEmpty();
            }
            assertThat(owner.listTags(r -> r.resourceArn(vault)).tags()).isEmpty();
            assertThat(owner.describeRecoveryPoint(
                                    r -> r.backupVaultName("prod").recoveryPointArn(point))
                            .lifecycle())
                    .isNull();
            assertThat(owner.describeBackupVault(r -> r.backupVaultName("prod")).numberOfRecoveryPoints())
                    .isEqualTo(1);
        }
    }
}
