package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ROLE;
import static dev.coffer.dist.RunningCoffer.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.s3.CephRgw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.CopyJobState;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.Tag;

/** Buckets of a real Ceph RGW, from discovery to restore, through the AWS Backup API of a started server. */
@ExtendWith(CephRgw.Extension.class)
final class S3Test {
    private static final int OBJECTS = 160;
    private static final int OBJECT_BYTES = 600_000;

    private final CephRgw rgw;
    private final S3Client s3;
    private final String bucket = "team-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    S3Test(CephRgw rgw) {
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

    private void make(boolean versioned) {
        s3.createBucket(r -> r.bucket(bucket));
        s3.putBucketTagging(r -> r.bucket(bucket)
                .tagging(
                        t -> t.tagSet(Tag.builder().key("backup").value("daily").build())));
        if (versioned) {
            s3.putBucketVersioning(
                    r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        }
    }

    private void put(String key, String content) {
        s3.putObject(
                r -> r.bucket(bucket).key(key).metadata(Map.of("of", "test")).tagging("t=" + content.length()),
                RequestBody.fromString(content));
    }

    private void deleteAll() {
        s3.listObjectVersionsPaginator(r -> r.bucket(bucket)).forEach(page -> {
            page.versions()
                    .forEach(v ->
                            s3.deleteObject(r -> r.bucket(bucket).key(v.key()).versionId(v.versionId())));
            page.deleteMarkers()
                    .forEach(v ->
                            s3.deleteObject(r -> r.bucket(bucket).key(v.key()).versionId(v.versionId())));
        });
    }

    /** Content, metadata and tags of every object. */
    private Map<String, String> contents(String of) {
        var contents = new TreeMap<String, String>();
        s3.listObjectsV2Paginator(r -> r.bucket(of)).contents().forEach(object -> {
            var answer = s3.getObjectAsBytes(r -> r.bucket(of).key(object.key()));
            contents.put(
                    object.key(),
                    java.util.Arrays.hashCode(answer.asByteArrayUnsafe()) + " " + object.size() + " "
                            + answer.response().metadata() + " "
                            + s3.getObjectTagging(r -> r.bucket(of).key(object.key()))
                                    .tagSet());
        });
        return contents;
    }

    private static String arn(String bucket) {
        return "arn:aws:s3:::" + bucket;
    }

    /** The copy in another vault of a point that is then deleted. */
    private static String copiedAndDeleted(BackupClient client, String point) throws InterruptedException {
        var copies = client.createBackupVault(r -> r.backupVaultName("copies")).backupVaultArn();
        var job = RunningCoffer.copy(client, "Default", point, copies);
        assertThat(job.state()).as(job.toString()).isEqualTo(CopyJobState.COMPLETED);
        client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(point));
        return job.destinationRecoveryPointArn();
    }

    private static String backUp(BackupClient client, String bucket) throws InterruptedException {
        var started = client.startBackupJob(r -> r.backupVaultName("Default")
                .resourceArn(arn(bucket))
                .iamRoleArn(ROLE)
                .backupOptions(Map.of("BackupACLs", "enabled")));
        var job = RunningCoffer.awaitBackup(client, started.backupJobId(), j -> ended(j.state()));
        assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
        assertThat(job.statusMessage()).isNull();
        return job.recoveryPointArn();
    }

    @Test
    void aBucketIsFoundByItsTagBackedUpLostAndRestoredAtBothPointsOfWhichOneIsACopyAndTheRestoredOneIsASource()
            throws IOException, InterruptedException {
        make(true);
        put("a/1.txt", "one");
        put("../up", "odd");
        put("//dbl//", "odd too");
        put("é 😀", "odder");
        var first = contents(bucket);
        try (var coffer = start();
                var client = coffer.client()) {
            var preview = new RawCall(coffer, "POST", "/coffer/v1/selection-preview?chosen=true")
                    .body("""
                            {"Resources": ["arn:aws:s3:::*"], "Conditions": {"StringEquals": [{"ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "daily"}]}}""")
                    .send();
            assertThat(preview.text()).contains(arn(bucket)).doesNotContain("DISCOVERY_FAILED");

            var one = backUp(client, bucket);
            assertThat(one).contains(":recovery-point:");
            put("a/1.txt", "one, changed");
            put("new", "new");
            var second = contents(bucket);
            var two = copiedAndDeleted(client, backUp(client, bucket));
            deleteAll();
            assertThat(contents(bucket)).isEmpty();

            var metadata = client.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("Default").recoveryPointArn(one))
                    .restoreMetadata();
            assertThat(metadata).containsEntry("DestinationBucketName", bucket).containsEntry("BackupACLs", "enabled");
            var back = RunningCoffer.restore(client, one, metadata);
            assertThat(back.status()).as(back.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(back.createdResourceArn()).isEqualTo(arn(bucket));
            assertThat(contents(bucket)).isEqualTo(first);

            var made = bucket + "-r";
            var restored = RunningCoffer.restore(
                    client, two, Map.of("DestinationBucketName", made, "NewBucket", "true", "encrypted", "false"));
            assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(restored.createdResourceArn()).isEqualTo(arn(made));
            assertThat(contents(made)).isEqualTo(second);
            backUp(client, made);

            var again = RunningCoffer.restore(client, two, Map.of("DestinationBucketName", bucket));
            assertThat(again.statusMessage())
                    .startsWith("Completed with issues: 1 item was not restored as it was")
                    .contains("/objects/a/1.txt!/");
            assertThat(contents(bucket)).containsKey("new");
            var copied = client.startRestoreJob(r -> r.recoveryPointArn(two)
                    .iamRoleArn(ROLE)
                    .copySourceTagsToRestoredResource(true)
                    .metadata(Map.of("DestinationBucketName", bucket)));
            assertThat(RunningCoffer.awaitRestore(client, copied.restoreJobId(), j -> ended(j.status()))
                            .status())
                    .isEqualTo(RestoreJobStatus.FAILED);
        }
    }

    @Test
    void whatIsWrongIsRefusedAndTheSecretIsNowhere() throws IOException, InterruptedException {
        make(false);
        put("k", "v");
        try (var coffer = start();
                var client = coffer.client()) {
            assertThatThrownBy(() -> client.startBackupJob(r -> r.backupVaultName("Default")
                            .resourceArn(arn("nowhere-" + bucket))
                            .iamRoleArn(ROLE)))
                    .isInstanceOf(ResourceNotFoundException.class);
            assertThatThrownBy(() -> client.startBackupJob(r -> r.backupVaultName("Default")
                            .resourceArn(arn(bucket))
                            .iamRoleArn(ROLE)
                            .backupOptions(Map.of("WindowsVSS", "enabled"))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("BackupACLs");
            var point = backUp(client, bucket);
            assertThatThrownBy(() -> client.startRestoreJob(r -> r.recoveryPointArn(point)
                            .iamRoleArn(ROLE)
                            .metadata(Map.of("DestinationBucketName", bucket, "RestoreTime", "2026-01-01T00:00:00Z"))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("continuous");
            assertThat(coffer.log()).doesNotContain(rgw.secretAccessKey());
        }
    }

    @Test
    void aBackupAndARestoreGoOnAfterTheServerWasKilled() throws IOException, InterruptedException {
        make(false);
        var bytes = new byte[OBJECT_BYTES];
        var random = new Random(3);
        for (int i = 0; i < OBJECTS; i++) {
            random.nextBytes(bytes);
            var key = "k/" + i;
            s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
        }
        var before = contents(bucket);
        String job;
        String point;
        try (var coffer = start();
                var client = coffer.client()) {
            var started = client.startBackupJob(
                    r -> r.backupVaultName("Default").resourceArn(arn(bucket)).iamRoleArn(ROLE));
            job = started.backupJobId();
            await(() -> stored(coffer.data().resolve("vaults")) > 20_000_000);
            coffer.kill();
        }
        String restore;
        var made = bucket + "-r";
        try (var coffer = start();
                var client = coffer.client()) {
            var ended = RunningCoffer.awaitBackup(client, job, j -> ended(j.state()));
            assertThat(ended.state()).as(ended.toString()).isEqualTo(BackupJobState.COMPLETED);
            point = ended.recoveryPointArn();
            restore = client.startRestoreJob(r -> r.recoveryPointArn(point)
                            .iamRoleArn(ROLE)
                            .metadata(Map.of("DestinationBucketName", made, "NewBucket", "true")))
                    .restoreJobId();
            await(() ->
                    s3.listBuckets().buckets().stream().anyMatch(b -> b.name().equals(made))
                            && s3.listObjectsV2(r -> r.bucket(made)).keyCount() > OBJECTS / 8);
            coffer.kill();
        }
        try (var coffer = start();
                var client = coffer.client()) {
            var ended = RunningCoffer.awaitRestore(client, restore, j -> ended(j.status()));
            assertThat(ended.status()).as(ended.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(ended.statusMessage()).isNull();
            assertThat(contents(made)).isEqualTo(before);
        }
    }

    @Test
    void aBucketGoesBackInPlaceAfterASafetyPointAlsoWhenTheServerIsKilledMeanwhile()
            throws IOException, InterruptedException {
        make(true);
        for (int i = 0; i < OBJECTS; i++) {
            put("k/" + i, "before " + i);
        }
        var before = contents(bucket);
        String restore;
        String safety;
        Map<String, String> changed;
        long versionsBefore;
        try (var coffer = start();
                var client = coffer.client()) {
            var point = backUp(client, bucket);
            for (int i = 0; i < OBJECTS; i++) {
                put("k/" + i, "after " + i);
            }
            put("new", "new");
            changed = contents(bucket);
            versionsBefore = versions();
            assertThatThrownBy(() -> client.startRestoreJob(r -> r.recoveryPointArn(point)
                            .iamRoleArn(ROLE)
                            .metadata(Map.of("DestinationBucketName", bucket + "-x", "coffer:inPlace", "true"))))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("Name it as DestinationBucketName");
            restore = client.startRestoreJob(r -> r.recoveryPointArn(point)
                            .iamRoleArn(ROLE)
                            .metadata(Map.of("DestinationBucketName", bucket, "coffer:inPlace", "true")))
                    .restoreJobId();
            var least = versionsBefore + OBJECTS / 8;
            await(() -> versions() > least);
            coffer.kill();
        }
        try (var coffer = start();
                var client = coffer.client()) {
            var ended = RunningCoffer.awaitRestore(client, restore, j -> ended(j.status()));
            assertThat(ended.status()).as(ended.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(contents(bucket)).isEqualTo(before);
            // Every object once more, the delete marker of the new one, and none twice for the crash.
            assertThat(versions()).isEqualTo(versionsBefore + OBJECTS + 1);
            var made = client.listBackupJobs(r -> r.byResourceArn(arn(bucket))).backupJobs();
            assertThat(made).hasSize(2);
            safety = made.getFirst().recoveryPointArn();
            assertThat(ended.statusMessage()).contains(safety, made.getFirst().backupJobId());

            var undone = RunningCoffer.restore(
                    client, safety, Map.of("DestinationBucketName", bucket, "coffer:inPlace", "true"));
            assertThat(undone.status()).as(undone.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(contents(bucket)).isEqualTo(changed);
        }
    }

    private long versions() {
        return s3.listObjectVersionsPaginator(r -> r.bucket(bucket)).stream()
                .mapToLong(page -> page.versions().size() + page.deleteMarkers().size())
                .sum();
    }

    private static void await(BooleanSupplier until) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (!until.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("it does not happen");
            }
            Thread.sleep(10);
        }
    }

    private static long stored(Path vaults) {
        try (var files = Files.walk(vaults)) {
            return files.filter(Files::isRegularFile).mapToLong(S3Test::size).sum();
        } catch (IOException | java.io.UncheckedIOException moving) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
