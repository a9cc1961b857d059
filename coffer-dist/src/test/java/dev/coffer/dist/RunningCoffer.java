package dev.coffer.dist;

import dev.coffer.testkit.s3.CephRgw;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.CopyJob;
import software.amazon.awssdk.services.backup.model.CopyJobState;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.DescribeRestoreJobResponse;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** The installed distribution, running as a process of its own, as a user starts it. */
final class RunningCoffer implements AutoCloseable {
    static final String ACCOUNT = "111122223333";
    static final String OTHER_ACCOUNT = "444455556666";
    static final String REGION = "eu-west-1";
    static final String FILE_SYSTEM = "fs-0a1b2c3d4e5f60001";
    static final String RESOURCE =
            "arn:aws:elasticfilesystem:" + REGION + ":" + ACCOUNT + ":file-system/" + FILE_SYSTEM;
    static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/service-role/AWSBackupDefaultServiceRole";
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final Process process;
    private final String url;

    private RunningCoffer(Path folder, Process process, String url) {
        this.folder = folder;
        this.process = process;
        this.url = url;
    }

    /** The usual configuration: two accounts, two regions, one file system at {@code FOLDER/tree}. */
    static String usualConfig(Path folder) {
        return """
                accounts:
                  - {id: "%s", name: production}
                  - {id: "%s", name: archive}
                regions: [%s, eu-central-1]
                sources:
                  - {type: EFS, id: %s, name: team-files, path: "%s", restore: "%s", tags: {backup: daily}}
                """.formatted(
                ACCOUNT, OTHER_ACCOUNT, REGION, FILE_SYSTEM, folder.resolve("tree"), folder.resolve("restored"));
    }

    /** Starts a server with the usual configuration on the folder, and returns when it is ready. */
    static RunningCoffer start(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("tree"));
        Files.createDirectories(folder.resolve("restored"));
        if (!Files.exists(folder.resolve("coffer.yaml"))) {
            Files.writeString(folder.resolve("coffer.yaml"), usualConfig(folder));
        }
        var process = launch(
                folder,
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--config",
                folder.resolve("coffer.yaml").toString(),
                "--listen",
                "127.0.0.1:0");
        return ready(folder, process);
    }

    /**
     * As {@link #start}, with the buckets of a gateway as a source too.
     *
     * @param settings further settings of that source, each behind a comma
     */
    static RunningCoffer start(Path folder, CephRgw rgw, String settings) throws IOException {
        Files.writeString(
                folder.resolve("coffer.yaml"),
                usualConfig(folder)
                        + "  - {type: S3, endpoint: \"%s\", accessKeyId: %s, secretAccessKey: %s%s}\n"
                                .formatted(rgw.url(), rgw.accessKeyId(), rgw.secretAccessKey(), settings));
        return start(folder);
    }

    /** As {@link #start}, on a host whose clock is ahead; the configuration is there. */
    static RunningCoffer startAhead(Path folder, Duration ahead) throws IOException {
        var lib = Path.of(System.getProperty("coffer.home"), "lib").resolve("*");
        var process = started(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        lib + File.pathSeparator + Path.of(System.getProperty("coffer.home"), "..", "test-classes"),
                        SkewedNode.class.getName(),
                        folder.resolve("data").toString(),
                        folder.resolve("coffer.yaml").toString(),
                        ahead.toString()));
        return ready(folder, process);
    }

    private static RunningCoffer ready(Path folder, Process process) throws IOException {
        var out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("coffer is ready on ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the server did not start: " + Files.readString(folder.resolve("stderr.log")));
        }
        return new RunningCoffer(folder, process, line.substring("coffer is ready on ".length()));
    }

    /** Starts the command; its standard error goes to {@code FOLDER/stderr.log}. */
    static Process launch(Path folder, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("coffer.home"), "bin", "coffer").toString());
        command.addAll(List.of(arguments));
        return started(folder, command);
    }

    private static Process started(Path folder, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr.log").toFile()))
                .start();
    }

    String url() {
        return url;
    }

    Path data() {
        return folder.resolve("data");
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("stderr.log"));
    }

    /** A client of the administrator of the first account. */
    BackupClient client() throws IOException {
        return client(credentials("coffer"), REGION);
    }

    /** A client with these credentials. It does not try again, so that a test sees each answer. */
    BackupClient client(AwsCredentialsProvider credentials, String region) {
        return BackupClient.builder()
                .endpointOverride(URI.create(url))
                .region(Region.of(region))
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(o -> o.addExecutionInterceptor(CallRecorder.ofSdk())
                        .retryStrategy(RetryMode.LEGACY)
                        .retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
    }

    /** What a profile of the credentials file holds. */
    AwsCredentialsProvider credentials(String profile) throws IOException {
        var key = profileKey(profile);
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.get("aws_access_key_id"), key.get("aws_secret_access_key")));
    }

    Map<String, String> profileKey(String profile) throws IOException {
        var key = new java.util.HashMap<String, String>();
        boolean inside = false;
        for (var line : Files.readAllLines(data().resolve("credentials"))) {
            if (line.startsWith("[")) {
                inside = line.equals("[" + profile + "]");
            } else if (inside && line.contains("=")) {
                key.put(
                        line.substring(0, line.indexOf('=')).strip(),
                        line.substring(line.indexOf('=') + 1).strip());
            }
        }
        return key;
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("the server did not stop");
        }
        return process.exitValue();
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a backup of the usual file system and waits for its end, whatever it is. */
    static DescribeBackupJobResponse backUp(BackupClient client, String vault) throws InterruptedException {
        var id = client.startBackupJob(
                        r -> r.backupVaultName(vault).resourceArn(RESOURCE).iamRoleArn(ROLE))
                .backupJobId();
        return awaitBackup(client, id, job -> ended(job.state()));
    }

    static DescribeBackupJobResponse awaitBackup(
            BackupClient client, String id, Predicate<DescribeBackupJobResponse> until) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var job = client.describeBackupJob(r -> r.backupJobId(id));
            if (until.test(job)) {
                return job;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the job stays " + job);
            }
            Thread.sleep(20);
        }
    }

    static boolean ended(BackupJobState state) {
        return switch (state) {
            case COMPLETED, FAILED, ABORTED, EXPIRED, PARTIAL -> true;
            default -> false;
        };
    }

    /** Starts a restore and waits for its end, whatever it is. */
    static DescribeRestoreJobResponse restore(BackupClient client, String point, Map<String, String> metadata)
            throws InterruptedException {
        var id = client.startRestoreJob(
                        r -> r.recoveryPointArn(point).iamRoleArn(ROLE).metadata(metadata))
                .restoreJobId();
        return awaitRestore(client, id, job -> ended(job.status()));
    }

    static DescribeRestoreJobResponse awaitRestore(
            BackupClient client, String id, Predicate<DescribeRestoreJobResponse> until) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var job = client.describeRestoreJob(r -> r.restoreJobId(id));
            if (until.test(job)) {
                return job;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the job stays " + job);
            }
            Thread.sleep(20);
        }
    }

    static boolean ended(RestoreJobStatus status) {
        return status == RestoreJobStatus.COMPLETED
                || status == RestoreJobStatus.FAILED
                || status == RestoreJobStatus.ABORTED;
    }

    /**
     * Starts a copy and waits for its end, whatever it is.
     *
     * @param destination the ARN of a vault
     */
    static CopyJob copy(BackupClient client, String vault, String point, String destination)
            throws InterruptedException {
        var id = client.startCopyJob(r -> r.recoveryPointArn(point)
                        .sourceBackupVaultName(vault)
                        .destinationBackupVaultArn(destination)
                        .iamRoleArn(ROLE))
                .copyJobId();
        return awaitCopy(client, id);
    }

    static CopyJob awaitCopy(BackupClient client, String id) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var job = client.describeCopyJob(r -> r.copyJobId(id)).copyJob();
            if (job.state() != CopyJobState.CREATED && job.state() != CopyJobState.RUNNING) {
                return job;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the job stays " + job);
            }
            Thread.sleep(50);
        }
    }

    /** When the next minute begins, or the one after if there are not so many seconds until then: what is set up meanwhile is due at it. */
    static ZonedDateTime nextMinute(int secondsAtLeast) {
        return Instant.ofEpochSecond((Instant.now().getEpochSecond() + secondsAtLeast) / 60 * 60 + 60)
                .atZone(ZoneOffset.UTC);
    }
}
