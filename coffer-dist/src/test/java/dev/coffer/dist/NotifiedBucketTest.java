package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.moto.Moto;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A plan that follows a bucket by its notifications, with a {@code kill -9} in between, behind moto. */
final class NotifiedBucketTest {
    private static final AwsCredentialsProvider KEYS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIATEST", "secret"));

    private final String bucket = "told-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    private RunningCoffer start(Moto moto) throws IOException {
        Files.writeString(
                folder.resolve("coffer.yaml"),
                RunningCoffer.usualConfig(folder) + """
                  - {type: S3, endpoint: "%s", accessKeyId: AKIATEST, secretAccessKey: secret, signingRegion: us-east-1, followSeconds: 1, queueUrl: "%s/123456789012/of-{bucket}"}
                """.formatted(moto.uri(), moto.uri()));
        return RunningCoffer.start(folder);
    }

    private static Map<String, String> contents(S3Client s3, String of) {
        var contents = new TreeMap<String, String>();
        s3.listObjectsV2(r -> r.bucket(of))
                .contents()
                .forEach(object -> contents.put(
                        object.key(),
                        s3.getObjectAsBytes(r -> r.bucket(of).key(object.key())).asUtf8String()));
        return contents;
    }

    /** Waits until the moment can be restored, and what is told of it. */
    private static Map<String, String> reached(BackupClient client, String arn, Instant moment)
            throws InterruptedException {
        var until = Instant.now().plus(RunningCoffer.PATIENCE);
        while (true) {
            var metadata = client.getRecoveryPointRestoreMetadata(
                            r -> r.backupVaultName("Default").recoveryPointArn(arn))
                    .restoreMetadata();
            if (!Instant.parse(metadata.getOrDefault("RestoreTime", "1970-01-01T00:00:00Z"))
                    .isBefore(moment)) {
                return metadata;
            }
            assertThat(Instant.now()).isBefore(until);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** A whole second after all that was done before and before all that is done afterwards. */
    private static Instant moment() throws InterruptedException {
        var moment = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
        while (Instant.now().isBefore(moment.plusSeconds(2))) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return moment;
    }

    @Test
    void whatNotificationsToldIsRestoredAfterTheBucketWasEmptiedAndTheServerKilled() throws Exception {
        try (var moto = Moto.start(folder);
                var s3 = S3Client.builder()
                        .endpointOverride(moto.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(KEYS)
                        .forcePathStyle(true)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build();
                var sqs = SqsClient.builder()
                        .endpointOverride(moto.uri())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(KEYS)
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            var queue =
                    URI.create(sqs.createQueue(r -> r.queueName("of-" + bucket)).queueUrl());
            assertThat(queue.getPath()).isEqualTo("/123456789012/of-" + bucket);
            s3.createBucket(r -> r.bucket(bucket));
            s3.putBucketVersioning(
                    r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
            var told = QueueConfiguration.builder()
                    .queueArn("arn:aws:sqs:us-east-1:123456789012:of-" + bucket)
                    .events(Event.S3_OBJECT_CREATED)
                    .build();
            s3.putBucketNotificationConfiguration(
                    r -> r.bucket(bucket).notificationConfiguration(n -> n.queueConfigurations(told)));
            s3.putObject(r -> r.bucket(bucket).key("a"), RequestBody.fromString("one"));
            String arn;
            try (var coffer = start(moto);
                    var client = coffer.client()) {
                ContinuousPlan.make(client, "arn:aws:s3:::" + bucket);
                var until = Instant.now().plus(RunningCoffer.PATIENCE);
                while (client.listBackupJobs(r -> {}).backupJobs().isEmpty()
                        && Instant.now().isBefore(until)) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                var listed = client.listBackupJobs(r -> {}).backupJobs().getFirst();
                var job = RunningCoffer.awaitBackup(client, listed.backupJobId(), j -> RunningCoffer.ended(j.state()));
                assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
                arn = job.recoveryPointArn();
                reached(client, arn, moment());
                s3.putObject(r -> r.bucket(bucket).key("a"), RequestBody.fromString("two"));
                reached(client, arn, moment());
                coffer.kill();
            }
            s3.putObject(r -> r.bucket(bucket).key("b"), RequestBody.fromString("while nobody looked"));
            var moment = moment();
            var then = contents(s3, bucket);
            try (var coffer = start(moto);
                    var client = coffer.client()) {
                var metadata = new HashMap<>(reached(client, arn, moment));
                assertThat(client.describeRecoveryPoint(
                                        r -> r.backupVaultName("Default").recoveryPointArn(arn))
                                .statusMessage())
                        .contains("are as the source has told of them");
                assertThat(new RawCall(coffer, "GET", "/coffer/v1/continuous")
                                .send()
                                .text())
                        .contains("\"CertainUntil\":");
                s3.listObjectVersions(r -> r.bucket(bucket))
                        .versions()
                        .forEach(version -> s3.deleteObject(
                                r -> r.bucket(bucket).key(version.key()).versionId(version.versionId())));
                metadata.put("DestinationBucketName", bucket + "-again");
                metadata.put("NewBucket", "true");
                metadata.put("RestoreTime", moment.toString());
                var restored = RunningCoffer.restore(client, arn, metadata);
                assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
                assertThat(contents(s3, bucket + "-again"))
                        .isEqualTo(then)
                        .isEqualTo(Map.of("a", "two", "b", "while nobody looked"));
            }
        }
    }
}
