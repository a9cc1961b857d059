package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.OTHER_ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.backUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.CopyAction;
import software.amazon.awssdk.services.backup.model.CopyJob;
import software.amazon.awssdk.services.backup.model.CopyJobState;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.InvalidResourceStateException;
import software.amazon.awssdk.services.backup.model.RecoveryPointStatus;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Recovery points are copied to other vaults, Regions and accounts, and come back from there when their source is gone. */
final class CopyTest {
    private static final String FAR = "eu-central-1";
    private static final String DR = "arn:aws:backup:" + FAR + ":" + ACCOUNT + ":backup-vault:dr";
    private static final String ABROAD = "arn:aws:backup:" + FAR + ":" + OTHER_ACCOUNT + ":backup-vault:abroad";

    @TempDir
    private Path folder;

    private static CopyJob copy(BackupClient client, DescribeBackupJobResponse backup, String destination)
            throws InterruptedException {
        return RunningCoffer.copy(client, backup.backupVaultName(), backup.recoveryPointArn(), destination);
    }

    private static void delete(BackupClient client, DescribeBackupJobResponse backup) throws InterruptedException {
        client.deleteRecoveryPoint(
                r -> r.backupVaultName(backup.backupVaultName()).recoveryPointArn(backup.recoveryPointArn()));
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (!client.listRecoveryPointsByBackupVault(r -> r.backupVaultName(backup.backupVaultName()))
                .recoveryPoints()
                .isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the point does not go");
            }
            Thread.sleep(50);
        }
    }

    private void isRestored(BackupClient client, String point, String role, String expected)
            throws IOException, InterruptedException {
        var id = client.startRestoreJob(
                        r -> r.recoveryPointArn(point).iamRoleArn(role).metadata(Map.of("newFileSystem", "true")))
                .restoreJobId();
        var job = RunningCoffer.awaitRestore(client, id, j -> RunningCoffer.ended(j.status()));
        assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
        var name = MainJobTest.id(job.createdResourceArn());
        try (var places = Files.walk(folder)) {
            var made = places.filter(path -> path.endsWith(name) && Files.isDirectory(path))
                    .findFirst()
                    .orElseThrow();
            assertThat(Trees.listing(made)).isEqualTo(expected);
        }
    }

    @Test
    void aCopyInAnotherRegionComesBackAsItWasWhenItsSourceAndVaultAreGone() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.odd(tree);
        Trees.random(tree.resolve("data"), 10, 1_500_000, 1);
        var before = Trees.listing(tree);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var far = coffer.client(coffer.credentials("coffer"), FAR)) {
            client.createBackupVault(r -> r.backupVaultName("prod"));
            far.createBackupVault(r -> r.backupVaultName("dr"));
            var backup = backUp(client, "prod");
            client.tagResource(r -> r.resourceArn(backup.recoveryPointArn()).tags(Map.of("kept", "yes")));
            var job = copy(client, backup, DR);

            assertThat(job.state()).as(job.toString()).isEqualTo(CopyJobState.COMPLETED);
            assertThat(job.accountId()).isEqualTo(ACCOUNT);
            assertThat(job.sourceRecoveryPointArn()).isEqualTo(backup.recoveryPointArn());
            assertThat(job.sourceBackupVaultArn()).endsWith(":backup-vault:prod");
            assertThat(job.destinationBackupVaultArn()).isEqualTo(DR);
            assertThat(job.destinationVaultType()).isEqualTo("BACKUP_VAULT");
            assertThat(job.destinationVaultLockState()).isEqualTo("UNLOCKED");
            assertThat(job.destinationEncryptionKeyArn())
                    .isEqualTo(far.describeBackupVault(r -> r.backupVaultName("dr"))
                            .encryptionKeyArn());
            assertThat(job.resourceArn()).isEqualTo(RESOURCE);
            assertThat(job.resourceType()).isEqualTo("EFS");
            assertThat(job.messageCategory()).isEqualTo("SUCCESS");
            assertThat(job.backupSizeInBytes()).isGreaterThan(15_000_000);
            assertThat(job.isParent()).isFalse();

            var copy = far.describeRecoveryPoint(
                    r -> r.backupVaultName("dr").recoveryPointArn(job.destinationRecoveryPointArn()));
            assertThat(copy.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
            assertThat(copy.creationDate()).isEqualTo(backup.creationDate());
            assertThat(copy.sourceBackupVaultArn()).isEqualTo(job.sourceBackupVaultArn());
            assertThat(copy.iamRoleArn()).isEqualTo(ROLE);
            assertThat(far.listTags(r -> r.resourceArn(copy.recoveryPointArn())).tags())
                    .containsEntry("kept", "yes");

            isListed(client, job);
            delete(client, backup);
            client.deleteBackupVault(r -> r.backupVaultName("prod"));
            Trees.sh(tree, "rm -rf deep data");
            isRestored(far, copy.recoveryPointArn(), ROLE, before);
        }
    }

    private static void isListed(BackupClient client, CopyJob job) {
        assertThat(client.listCopyJobs(r -> r.byState(CopyJobState.COMPLETED)
                                .byResourceArn(RESOURCE)
                                .byResourceType("EFS")
                                .byDestinationVaultArn(DR)
                                .byAccountId(ACCOUNT)
                                .byMessageCategory("success")
                                .bySourceRecoveryPointArn(job.sourceRecoveryPointArn())
                                .byCreatedAfter(job.creationDate().minusSeconds(1))
                                .byCreatedBefore(job.creationDate().plusSeconds(1))
                                .byCompleteAfter(job.completionDate().minusSeconds(1))
                                .byCompleteBefore(job.completionDate().plusSeconds(1)))
                        .copyJobs())
                .containsExactly(job);
        assertThat(client.listCopyJobs(r -> r.byState(CopyJobState.FAILED)).copyJobs())
                .isEmpty();
        assertThat(client.listCopyJobs(r -> r.byParentJobId("none")).copyJobs()).isEmpty();
        assertThat(client.listCopyJobSummaries(r -> {}).copyJobSummaries())
                .as("the present day is not over")
                .isEmpty();
        assertThat(catchThrowableOfType(
                        ResourceNotFoundException.class, () -> client.describeCopyJob(r -> r.copyJobId("none"))))
                .isNotNull();
    }

    @Test
    void aSecondCopyMovesOnlyWhatHasChanged() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.random(tree, 20, 1_000_000, 2);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var far = coffer.client(coffer.credentials("coffer"), FAR)) {
            far.createBackupVault(r -> r.backupVaultName("dr"));
            copy(client, backUp(client, "Default"), DR);
            var vault = coffer.data()
                    .resolve("vaults")
                    .resolve(ACCOUNT)
                    .resolve(FAR)
                    .resolve("dr");
            long before = bytes(vault);
            assertThat(before).isGreaterThan(20_000_000);
            Files.writeString(tree.resolve("random-7"), "a little more", StandardOpenOption.APPEND);
            Files.delete(tree.resolve("random-8"));
            var expected = Trees.listing(tree);
            var second = copy(client, backUp(client, "Default"), DR);
            assertThat(bytes(vault) - before).isLessThan(3_000_000);
            isRestored(far, second.destinationRecoveryPointArn(), ROLE, expected);
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void anotherAccountTakesCopiesWhenItsVaultAndTheOrganizationAllowIt() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.random(tree, 3, 100_000, 3);
        var before = Trees.listing(tree);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var abroad = coffer.client(coffer.credentials("coffer-archive"), FAR)) {
            abroad.createBackupVault(r -> r.backupVaultName("abroad"));
            var backup = backUp(client, "Default");
            var off = copy(client, backup, ABROAD);
            assertThat(off.state()).isEqualTo(CopyJobState.FAILED);
            assertThat(off.statusMessage())
                    .isEqualTo("Copy job failed. Cross-account copy feature is not enabled for the current"
                            + " organization.");
            assertThat(off.messageCategory()).isEqualTo("FEATURE_NOT_ENABLED");

            client.updateGlobalSettings(r -> r.globalSettings(Map.of("isCrossAccountBackupEnabled", "true")));
            assertThat(copy(client, backup, ABROAD).statusMessage())
                    .isEqualTo("Access Denied trying to call AWS Backup service");

            abroad.putBackupVaultAccessPolicy(r -> r.backupVaultName("abroad").policy("""
                    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::%s:root"},
                    "Action": "backup:CopyIntoBackupVault", "Resource": "*"}]}""".formatted(ACCOUNT)));
            var job = copy(client, backup, ABROAD);
            assertThat(job.state()).as(job.toString()).isEqualTo(CopyJobState.COMPLETED);

            delete(client, backup);
            var copies = abroad.listRecoveryPointsByBackupVault(r -> r.backupVaultName("abroad"))
                    .recoveryPoints();
            assertThat(copies).singleElement().satisfies(copy -> {
                assertThat(copy.recoveryPointArn()).isEqualTo(job.destinationRecoveryPointArn());
                assertThat(copy.sourceBackupVaultArn()).isEqualTo(job.sourceBackupVaultArn());
                assertThat(copy.iamRoleArn()).contains(OTHER_ACCOUNT);
            });
            assertThat(abroad.listCopyJobs(r -> {}).copyJobs())
                    .as("the job is the source's")
                    .isEmpty();
            assertThat(catchThrowableOfType(
                            BackupException.class,
                            () -> client.describeRecoveryPoint(r ->
                                    r.backupVaultName("abroad").recoveryPointArn(job.destinationRecoveryPointArn()))))
                    .isNotNull();
            isRestored(
                    abroad,
                    job.destinationRecoveryPointArn(),
                    "arn:aws:iam::" + OTHER_ACCOUNT + ":role/service-role/AWSBackupDefaultServiceRole",
                    before);
        }
    }

    @Test
    void aCopyGoesOnWithItsIdAfterTheServerWasKilled() throws IOException, InterruptedException {
        var tree = folder.resolve("tree");
        Trees.random(tree, 300, 1_000_000, 4);
        var before = Trees.listing(tree);
        String id;
        DescribeBackupJobResponse backup;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var far = coffer.client(coffer.credentials("coffer"), FAR)) {
            far.createBackupVault(r -> r.backupVaultName("dr"));
            backup = backUp(client, "Default");
            var point = backup.recoveryPointArn();
            id = client.startCopyJob(r -> r.recoveryPointArn(point)
                            .sourceBackupVaultName("Default")
                            .destinationBackupVaultArn(DR)
                            .iamRoleArn(ROLE))
                    .copyJobId();
            assertThat(catchThrowableOfType(
                            InvalidResourceStateException.class,
                            () -> client.deleteRecoveryPoint(
                                    r -> r.backupVaultName("Default").recoveryPointArn(point))))
                    .hasMessageContaining("is being copied");
            var vault = coffer.data()
                    .resolve("vaults")
                    .resolve(ACCOUNT)
                    .resolve(FAR)
                    .resolve("dr");
            long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
            while (bytes(vault) < 80_000_000L) {
                assertThat(System.nanoTime()).as("nothing is copied").isLessThan(deadline);
                Thread.sleep(5);
            }
            var copyId = id;
            assertThat(client.describeCopyJob(r -> r.copyJobId(copyId))
                            .copyJob()
                            .state())
                    .isEqualTo(CopyJobState.RUNNING);
            coffer.kill();
        }
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var far = coffer.client(coffer.credentials("coffer"), FAR)) {
            var job = RunningCoffer.awaitCopy(client, id);
            assertThat(job.state()).as(job.toString()).isEqualTo(CopyJobState.COMPLETED);
            assertThat(far.listRecoveryPointsByBackupVault(r -> r.backupVaultName("dr"))
                            .recoveryPoints())
                    .as("one copy and not two")
                    .hasSize(1);
            delete(client, backup);
            isRestored(far, job.destinationRecoveryPointArn(), ROLE, before);
        }
    }

    @Test
    void aBackupOfAPlanIsCopiedAsItsRuleSays() throws IOException, InterruptedException {
        Trees.random(folder.resolve("tree"), 2, 100_000, 5);
        var before = Trees.listing(folder.resolve("tree"));
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client();
                var far = coffer.client(coffer.credentials("coffer"), FAR)) {
            far.createBackupVault(r -> r.backupVaultName("dr"));
            client.createBackupVault(r -> r.backupVaultName("near"));
            var near = DR.replace(FAR, REGION).replace("dr", "near");
            var at = RunningCoffer.nextMinute(5);
            var rule = BackupRuleInput.builder()
                    .ruleName("daily")
                    .targetBackupVaultName("Default")
                    .scheduleExpression("cron(" + at.getMinute() + " " + at.getHour() + " ? * * *)")
                    .lifecycle(l -> l.deleteAfterDays(7L))
                    .copyActions(
                            CopyAction.builder()
                                    .destinationBackupVaultArn(DR)
                                    .lifecycle(l -> l.deleteAfterDays(30L))
                                    .build(),
                            CopyAction.builder().destinationBackupVaultArn(near).build())
                    .build();
            var plan = client.createBackupPlan(
                            r -> r.backupPlan(p -> p.backupPlanName("copying").rules(rule)))
                    .backupPlanId();
            var shown = client.getBackupPlan(r -> r.backupPlanId(plan))
                    .backupPlan()
                    .rules()
                    .getFirst()
                    .copyActions();
            assertThat(shown).extracting(CopyAction::destinationBackupVaultArn).containsExactly(DR, near);
            assertThat(shown.getFirst().lifecycle().deleteAfterDays()).isEqualTo(30);
            assertThat(shown.getLast().lifecycle()).isNull();
            client.createBackupSelection(r -> r.backupPlanId(plan)
                    .backupSelection(
                            s -> s.selectionName("all").iamRoleArn(ROLE).resources(RESOURCE)));

            awaitCompletedCopies(client, 2);
            var backup = client.listBackupJobs(r -> {}).backupJobs().getFirst();
            for (var job : client.listCopyJobs(r -> {}).copyJobs()) {
                assertThat(job.createdByBackupJobId()).isEqualTo(backup.backupJobId());
                assertThat(job.createdBy()).isEqualTo(backup.createdBy());
                assertThat(job.createdBy().backupPlanId()).isEqualTo(plan);
                boolean isFar = job.destinationBackupVaultArn().equals(DR);
                assertThat(job.destinationRecoveryPointLifecycle().deleteAfterDays())
                        .isEqualTo(isFar ? 30 : 7);
                isRestored(isFar ? far : client, job.destinationRecoveryPointArn(), ROLE, before);
            }
        }
    }

    private static void awaitCompletedCopies(BackupClient client, int count) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (client.listCopyJobs(r -> r.byState(CopyJobState.COMPLETED))
                        .copyJobs()
                        .size()
                < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "there are no copies: " + client.listCopyJobs(r -> {}).copyJobs());
            }
            Thread.sleep(200);
        }
    }
}
