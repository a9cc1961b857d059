package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.s3.CephRgw;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.GetRecoveryPointIndexDetailsResponse;
import software.amazon.awssdk.services.backup.model.Index;
import software.amazon.awssdk.services.backup.model.IndexAction;
import software.amazon.awssdk.services.backup.model.IndexStatus;
import software.amazon.awssdk.services.backup.model.IndexedRecoveryPoint;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.RecoveryPointStatus;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Search indexes of a bucket's recovery points, through the AWS SDK. */
@ExtendWith(CephRgw.Extension.class)
final class IndexTest {
    private static final String VAULT = "Default";

    private final CephRgw rgw;
    private final S3Client s3;
    private final String bucket = "indexed-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    IndexTest(CephRgw rgw) {
        this.rgw = rgw;
        s3 = RgwClient.of(rgw);
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private RunningCoffer start() throws IOException {
        return RunningCoffer.start(folder, rgw, "");
    }

    /** Four versions of three objects, and a delete marker. */
    private void makeBucket() {
        s3.createBucket(r -> r.bucket(bucket));
        s3.putBucketVersioning(
                r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        put("invoices/1.pdf");
        put("invoices/1.pdf");
        put("invoices/2.pdf");
        put("gone");
        s3.deleteObject(r -> r.bucket(bucket).key("gone"));
    }

    private void put(String key) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString("content of " + key));
    }

    private String arn() {
        return "arn:aws:s3:::" + bucket;
    }

    private String startBackup(BackupClient client, Index index) {
        return client.startBackupJob(r -> r.backupVaultName(VAULT)
                        .resourceArn(arn())
                        .iamRoleArn(ROLE)
                        .index(index))
                .backupJobId();
    }

    private static String completed(BackupClient client, String id) throws InterruptedException {
        var job = RunningCoffer.awaitBackup(client, id, j -> ended(j.state()));
        assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
        return job.recoveryPointArn();
    }

    private static GetRecoveryPointIndexDetailsResponse details(BackupClient client, String point) {
        return client.getRecoveryPointIndexDetails(r -> r.backupVaultName(VAULT).recoveryPointArn(point));
    }

    private static GetRecoveryPointIndexDetailsResponse awaitIndex(
            BackupClient client, String point, IndexStatus status) throws InterruptedException {
        var until = Instant.now().plus(RunningCoffer.PATIENCE);
        while (true) {
            var details = details(client, point);
            if (details.indexStatus() == status) {
                return details;
            }
            assertThat(details.indexStatus()).as(details.toString()).isEqualTo(IndexStatus.PENDING);
            assertThat(Instant.now()).as(details.toString()).isBefore(until);
            Thread.sleep(20);
        }
    }

    private static void awaitNoIndex(BackupClient client, String point) throws InterruptedException {
        var until = Instant.now().plus(RunningCoffer.PATIENCE);
        while (true) {
            try {
                assertThat(details(client, point).indexDeletionDate()).isNotNull();
                assertThat(Instant.now()).isBefore(until);
                Thread.sleep(20);
            } catch (ResourceNotFoundException gone) {
                assertThat(gone.getMessage()).contains("has no index");
                return;
            }
        }
    }

    private static List<String> points(List<IndexedRecoveryPoint> page) {
        return page.stream().map(IndexedRecoveryPoint::recoveryPointArn).toList();
    }

    @Test
    void aBackupWithAnIndexIsShownListedDisabledAndIndexedAgain() throws IOException, InterruptedException {
        makeBucket();
        try (var coffer = start();
                var client = coffer.client()) {
            var point = completed(client, startBackup(client, Index.ENABLED));
            var details = awaitIndex(client, point, IndexStatus.ACTIVE);
            assertThat(details.totalItemsIndexed()).isEqualTo(4);
            assertThat(details.recoveryPointArn()).isEqualTo(point);
            assertThat(details.sourceResourceArn()).isEqualTo(arn());
            assertThat(details.backupVaultArn()).endsWith(":backup-vault:" + VAULT);
            assertThat(details.indexCompletionDate()).isAfterOrEqualTo(details.indexCreationDate());
            assertThat(details.indexDeletionDate()).isNull();
            assertThat(details.indexStatusMessage()).isNull();

            var plain = completed(client, startBackup(client, Index.DISABLED));
            assertThatThrownBy(() -> details(client, plain)).isInstanceOf(ResourceNotFoundException.class);
            assertShown(client, point, plain);
            assertListed(coffer, client, point, plain);

            var disabled = client.updateRecoveryPointIndexSettings(
                    r -> r.backupVaultName(VAULT).recoveryPointArn(point).index(Index.DISABLED));
            assertThat(disabled.index()).isEqualTo(Index.DISABLED);
            assertThat(disabled.indexStatus()).isEqualTo(IndexStatus.DELETING);
            assertThat(disabled.backupVaultName()).isEqualTo(VAULT);
            awaitNoIndex(client, point);
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName(VAULT).recoveryPointArn(point))
                            .status())
                    .isEqualTo(RecoveryPointStatus.COMPLETED);

            var enabled = client.updateRecoveryPointIndexSettings(r -> r.backupVaultName(VAULT)
                    .recoveryPointArn(point)
                    .index(Index.ENABLED)
                    .iamRoleArn(ROLE));
            assertThat(enabled.indexStatus()).isEqualTo(IndexStatus.PENDING);
            awaitIndex(client, point, IndexStatus.ACTIVE);
            assertThatThrownBy(() -> client.updateRecoveryPointIndexSettings(r ->
                            r.backupVaultName(VAULT).recoveryPointArn(point).index(Index.ENABLED)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("has an ACTIVE index already");

            client.deleteRecoveryPoint(r -> r.backupVaultName(VAULT).recoveryPointArn(point));
            MainJobTest.awaitGone(client, VAULT, point);
            assertThat(points(client.listIndexedRecoveryPoints(r -> r.indexStatus(IndexStatus.ACTIVE))
                            .indexedRecoveryPoints()))
                    .containsExactly(plain);
        }
    }

    private void assertShown(BackupClient client, String point, String plain) {
        for (var one : List.of(point, plain)) {
            var status = one.equals(point) ? IndexStatus.ACTIVE : null;
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName(VAULT).recoveryPointArn(one))
                            .indexStatus())
                    .isEqualTo(status);
            assertThat(client.listRecoveryPointsByBackupVault(r -> r.backupVaultName(VAULT)).recoveryPoints().stream()
                            .filter(listed -> listed.recoveryPointArn().equals(one)))
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.indexStatus()).isEqualTo(status));
            assertThat(client.listRecoveryPointsByResource(r -> r.resourceArn(arn())).recoveryPoints().stream()
                            .filter(listed -> listed.recoveryPointArn().equals(one)))
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.indexStatus()).isEqualTo(status));
        }
    }

    private void assertListed(RunningCoffer coffer, BackupClient client, String point, String plain)
            throws IOException, InterruptedException {
        client.updateRecoveryPointIndexSettings(
                r -> r.backupVaultName(VAULT).recoveryPointArn(plain).index(Index.ENABLED));
        awaitIndex(client, plain, IndexStatus.ACTIVE);
        var first = client.listIndexedRecoveryPoints(r -> r.maxResults(1));
        var second = client.listIndexedRecoveryPoints(r -> r.maxResults(1).nextToken(first.nextToken()));
        assertThat(points(first.indexedRecoveryPoints())).containsExactly(plain);
        assertThat(points(second.indexedRecoveryPoints())).containsExactly(point);
        assertThat(second.nextToken()).isNull();
        var shown = second.indexedRecoveryPoints().getFirst();
        assertThat(shown.sourceResourceArn()).isEqualTo(arn());
        assertThat(shown.resourceType()).isEqualTo("S3");
        assertThat(shown.iamRoleArn()).isEqualTo(ROLE);
        assertThat(shown.indexStatus()).isEqualTo(IndexStatus.ACTIVE);
        var created = shown.backupCreationDate();
        assertThat(shown.indexCreationDate()).isAfterOrEqualTo(created);

        assertThat(points(client.listIndexedRecoveryPoints(r -> r.sourceResourceArn(arn())
                                .resourceType("S3")
                                .indexStatus(IndexStatus.ACTIVE)
                                .createdAfter(created.minusSeconds(1)))
                        .indexedRecoveryPoints()))
                .containsExactly(plain, point);
        assertThat(points(client.listIndexedRecoveryPoints(r -> r.createdBefore(created.plusMillis(1)))
                        .indexedRecoveryPoints()))
                .containsExactly(point);
        assertThat(client.listIndexedRecoveryPoints(r -> r.indexStatus(IndexStatus.FAILED))
                        .indexedRecoveryPoints())
                .isEmpty();
        assertThat(client.listIndexedRecoveryPoints(r -> r.resourceType("EBS")).indexedRecoveryPoints())
                .isEmpty();
        try (var elsewhere = coffer.client(coffer.credentials("coffer"), "eu-central-1")) {
            assertThat(elsewhere.listIndexedRecoveryPoints(r -> {}).indexedRecoveryPoints())
                    .isEmpty();
        }
    }

    @Test
    void whatCannotBeIndexedIsRefused() throws IOException, InterruptedException {
        s3.createBucket(r -> r.bucket(bucket));
        try (var coffer = start();
                var client = coffer.client()) {
            assertThatThrownBy(() -> client.startBackupJob(r -> r.backupVaultName(VAULT)
                            .resourceArn(RunningCoffer.RESOURCE)
                            .iamRoleArn(ROLE)
                            .index(Index.ENABLED)))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("Index cannot be enabled for resources of type EFS");
            var files = RunningCoffer.backUp(client, VAULT).recoveryPointArn();
            assertThatThrownBy(() -> client.updateRecoveryPointIndexSettings(r ->
                            r.backupVaultName(VAULT).recoveryPointArn(files).index(Index.ENABLED)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Recovery points of type EFS cannot be indexed");
            assertThatThrownBy(() -> client.updateRecoveryPointIndexSettings(r ->
                            r.backupVaultName(VAULT).recoveryPointArn(files).index("SOMETIMES")))
                    .isInstanceOf(InvalidParameterValueException.class);
            assertThatThrownBy(() -> client.updateRecoveryPointIndexSettings(r -> r.backupVaultName(VAULT)
                            .recoveryPointArn(files + "0")
                            .index(Index.ENABLED)))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> client.listIndexedRecoveryPoints(r -> r.indexStatus("LATER")))
                    .isInstanceOf(InvalidParameterValueException.class);
        }
    }

    @Test
    void aPlanIndexesWhatItsRuleNames() throws IOException, InterruptedException {
        makeBucket();
        try (var coffer = start();
                var client = coffer.client()) {
            assertThatThrownBy(() -> client.createBackupPlan(
                            r -> r.backupPlan(p -> p.backupPlanName("files").rules(rule(0, 0, "EFS")))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining(
                            "Error in rule daily : Invalid index actions. Only EBS and S3 can be indexed");
            var at = RunningCoffer.nextMinute(5);
            var plan = client.createBackupPlan(r -> r.backupPlan(
                            p -> p.backupPlanName("indexed").rules(rule(at.getMinute(), at.getHour(), "EBS", "S3"))))
                    .backupPlanId();
            client.createBackupSelection(r -> r.backupPlanId(plan)
                    .backupSelection(
                            s -> s.selectionName("bucket").iamRoleArn(ROLE).resources(arn(), RunningCoffer.RESOURCE)));
            assertThat(client.getBackupPlan(r -> r.backupPlanId(plan))
                            .backupPlan()
                            .rules()
                            .getFirst()
                            .indexActions())
                    .containsExactly(
                            IndexAction.builder().resourceTypes("EBS", "S3").build());
            var until = Instant.now().plus(RunningCoffer.PATIENCE);
            while (client.listBackupJobs(r -> {}).backupJobs().size() < 2) {
                assertThat(Instant.now()).isBefore(until);
                Thread.sleep(200);
            }
            for (var job : client.listBackupJobs(r -> {}).backupJobs()) {
                var point = completed(client, job.backupJobId());
                if (job.resourceArn().equals(arn())) {
                    assertThat(awaitIndex(client, point, IndexStatus.ACTIVE).totalItemsIndexed())
                            .isEqualTo(4);
                } else {
                    assertThatThrownBy(() -> details(client, point)).isInstanceOf(ResourceNotFoundException.class);
                }
            }
        }
    }

    private static BackupRuleInput rule(int minute, int hour, String... types) {
        return BackupRuleInput.builder()
                .ruleName("daily")
                .targetBackupVaultName(VAULT)
                .scheduleExpression("cron(" + minute + " " + hour + " ? * * *)")
                .indexActions(IndexAction.builder().resourceTypes(types).build())
                .build();
    }

    @Test
    void whatWasAskedForBeforeAKillIsIndexedByTheNextStartAndADamagedTreeFails()
            throws IOException, InterruptedException {
        makeBucket();
        var jobs = new ArrayList<String>();
        try (var coffer = start();
                var client = coffer.client()) {
            for (int i = 0; i < 5; i++) {
                jobs.add(startBackup(client, Index.ENABLED));
            }
            completed(client, jobs.getFirst());
            coffer.kill();
        }
        var points = new ArrayList<String>();
        try (var coffer = start();
                var client = coffer.client()) {
            for (var job : jobs) {
                points.add(completed(client, job));
                assertThat(awaitIndex(client, points.getLast(), IndexStatus.ACTIVE)
                                .totalItemsIndexed())
                        .isEqualTo(4);
            }
            client.updateRecoveryPointIndexSettings(r ->
                    r.backupVaultName(VAULT).recoveryPointArn(points.getFirst()).index(Index.DISABLED));
            awaitNoIndex(client, points.getFirst());
            assertThat(coffer.stop()).isZero();
        }
        Trees.sh(
                folder.resolve("data/vaults/" + RunningCoffer.ACCOUNT + "/" + RunningCoffer.REGION + "/Default"),
                "for f in $(find packs -type f); do head -c $(($(stat -c %s $f) - 100)) /dev/zero"
                        + " | dd of=$f bs=1 seek=80 conv=notrunc 2>/dev/null; done");
        try (var coffer = start();
                var client = coffer.client()) {
            client.updateRecoveryPointIndexSettings(r ->
                    r.backupVaultName(VAULT).recoveryPointArn(points.getFirst()).index(Index.ENABLED));
            var failed = awaitIndex(client, points.getFirst(), IndexStatus.FAILED);
            assertThat(failed.indexStatusMessage())
                    .startsWith("The index could not be made. The vault failed: damage in the vault's storage")
                    .contains("then enable the index again");
            assertThat(failed.totalItemsIndexed()).isNull();
            assertThat(failed.indexCompletionDate()).isNull();
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName(VAULT).recoveryPointArn(points.getFirst()))
                            .indexStatusMessage())
                    .isEqualTo(failed.indexStatusMessage());
        }
    }
}
