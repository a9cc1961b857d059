package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.s3.CephRgw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.DescribeRecoveryPointResponse;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.MissingParameterValueException;
import software.amazon.awssdk.services.backup.model.RecoveryPointStatus;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** A plan that backs a bucket of a real Ceph RGW up continuously. */
@ExtendWith(CephRgw.Extension.class)
final class ContinuousTest {
    private final CephRgw rgw;
    private final S3Client s3;
    private final String bucket = "followed-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    ContinuousTest(CephRgw rgw) {
        this.rgw = rgw;
        s3 = RgwClient.of(rgw);
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private RunningCoffer start() throws IOException {
        return RunningCoffer.start(folder, rgw, ", followSeconds: 1");
    }

    private void put(String key, String content) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private Map<String, String> contents(String of) {
        var contents = new TreeMap<String, String>();
        s3.listObjectsV2Paginator(r -> r.bucket(of))
                .contents()
                .forEach(object -> contents.put(
                        object.key(),
                        s3.getObjectAsBytes(r -> r.bucket(of).key(object.key())).asUtf8String()));
        return contents;
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

    private Instant date() {
        return ZonedDateTime.parse(
                        s3.listBuckets()
                                .sdkHttpResponse()
                                .firstMatchingHeader("Date")
                                .orElseThrow(),
                        DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    /** A whole second after all that was done before and before all that is done afterwards, by the endpoint's clock. */
    private Instant moment() {
        var before = date();
        while (date().isBefore(before.plusSeconds(3))) {
            // The endpoint's time passes.
        }
        return before.plusSeconds(1);
    }

    private static DescribeRecoveryPointResponse point(BackupClient client, String arn) {
        return client.describeRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(arn));
    }

    /** Waits until the window reaches the moment. */
    private static Map<String, String> reached(BackupClient client, String arn, Instant moment) {
        Map<String, String> metadata;
        do {
            metadata = client.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("Default").recoveryPointArn(arn))
                    .restoreMetadata();
        } while (Instant.parse(metadata.getOrDefault("RestoreTime", "1970-01-01T00:00:00Z"))
                .isBefore(moment));
        return metadata;
    }

    @Test
    void aBucketIsRestoredToTheSecondAfterEverythingWasDeletedAlsoAfterAKill()
            throws IOException, InterruptedException {
        s3.createBucket(r -> r.bucket(bucket));
        s3.putBucketVersioning(
                r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        put("a", "one");
        put("b", "stays");
        String arn;
        Instant first;
        Map<String, String> then;
        try (var coffer = start();
                var client = coffer.client()) {
            ContinuousPlan.make(client, "arn:aws:s3:::" + bucket);
            var until = Instant.now().plus(RunningCoffer.PATIENCE);
            while (client.listBackupJobs(r -> {}).backupJobs().isEmpty()
                    && Instant.now().isBefore(until)) {
                Thread.sleep(500);
            }
            var listed = client.listBackupJobs(r -> {}).backupJobs().getFirst();
            var job = RunningCoffer.awaitBackup(client, listed.backupJobId(), j -> RunningCoffer.ended(j.state()));
            assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
            arn = job.recoveryPointArn();
            assertThat(arn).matches("arn:aws:backup:.*:recovery-point:" + bucket + "-[0-9a-f]{8}");
            assertThat(point(client, arn).status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
            assertThat(point(client, arn).calculatedLifecycle()).isNull();
            put("a", "two");
            put("c", "new");
            first = moment();
            then = contents(bucket);
            reached(client, arn, first);
            put("a", "three");
            coffer.kill();
        }
        s3.deleteObject(r -> r.bucket(bucket).key("b"));
        try (var coffer = start();
                var client = coffer.client()) {
            var second = moment();
            var later = contents(bucket);
            reached(client, arn, second);
            deleteAll();
            var metadata = reached(client, arn, moment());
            assertThat(contents(bucket)).isEmpty();
            assertThat(point(client, arn).statusMessage())
                    .startsWith("Every second can be restored from ")
                    .doesNotContain(", and ");

            for (var restored : Map.of(first, then, second, later).entrySet()) {
                var made = bucket + "-" + restored.getKey().getEpochSecond() % 100_000;
                var all = new HashMap<>(metadata);
                all.put("DestinationBucketName", made);
                all.put("NewBucket", "true");
                all.put("RestoreTime", restored.getKey().toString());
                var job = RunningCoffer.restore(client, arn, all);
                assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
                assertThat(contents(made)).isEqualTo(restored.getValue());
            }
            refusals(client, arn, metadata);
            assertThat(asked(coffer, "continuous", "show", arn))
                    .contains("of arn:aws:s3:::" + bucket + " in the vault Default, kept for 7 days")
                    .contains("FOLLOWING: the last restorable second is ")
                    .contains("restorable  ")
                    .doesNotContain("gap  ");
            assertThat(asked(coffer, "continuous", "list", "--vault", "Default"))
                    .contains("FOLLOWING")
                    .contains(arn);
            assertThat(asked(coffer, "continuous", "list", "--resource", "arn:aws:s3:::other"))
                    .isEqualTo("There are no continuous backups.\n");
            assertThat(new RawCall(coffer, "GET", "/coffer/v1/continuous")
                            .send()
                            .text())
                    .contains("\"RecoveryPointArn\":\"" + arn + "\"")
                    .contains("\"State\":\"FOLLOWING\"");
            client.disassociateRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(arn));
            assertThat(point(client, arn).status()).isEqualTo(RecoveryPointStatus.STOPPED);
            client.deleteRecoveryPoint(r -> r.backupVaultName("Default").recoveryPointArn(arn));
            MainJobTest.awaitGone(client, "Default", arn);
        }
    }

    /** What a command prints. */
    private String asked(RunningCoffer coffer, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "--endpoint-url", coffer.url(),
                "--credentials", coffer.data().resolve("credentials").toString(),
                "--region", RunningCoffer.REGION));
        var errors = folder.resolve("errors");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return out;
    }

    private static void refusals(BackupClient client, String arn, Map<String, String> metadata) {
        var without = new HashMap<>(metadata);
        without.remove("RestoreTime");
        assertThatThrownBy(() -> client.startRestoreJob(
                        r -> r.recoveryPointArn(arn).iamRoleArn(ROLE).metadata(without)))
                .isInstanceOf(MissingParameterValueException.class)
                .hasMessageContaining("has no RestoreTime");
        var never = new HashMap<>(metadata);
        never.put("RestoreTime", Instant.now().minus(Duration.ofDays(3)).toString());
        assertThatThrownBy(() -> client.startRestoreJob(
                        r -> r.recoveryPointArn(arn).iamRoleArn(ROLE).metadata(never)))
                .isInstanceOf(InvalidParameterValueException.class)
                .hasMessageContaining("can be restored to every second of: ");
        assertThatThrownBy(() -> client.updateRecoveryPointLifecycle(
                        r -> r.backupVaultName("Default").recoveryPointArn(arn).lifecycle(l -> l.deleteAfterDays(30L))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is a continuous backup");
    }
}
