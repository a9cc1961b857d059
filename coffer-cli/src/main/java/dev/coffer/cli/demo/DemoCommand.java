package dev.coffer.cli.demo;

import dev.coffer.cli.StopSignal;
import dev.coffer.cli.Version;
import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import dev.coffer.server.log.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.DescribeBackupJobResponse;
import software.amazon.awssdk.services.backup.model.DescribeRestoreJobResponse;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Runs the main job on real input, with the AWS SDK as its only door to the server. */
@Command(
        name = "demo",
        description = "Start a throw-away server, back up a sample tree, lose it, restore it, compare.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final String ACCOUNT = "111122223333";
    private static final String REGION = "eu-west-1";
    private static final String FILE_SYSTEM = "fs-0a1b2c3d4e5f60001";
    private static final String VAULT = "demo";
    private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/service-role/AWSBackupDefaultServiceRole";
    private static final String RESOURCE =
            "arn:aws:elasticfilesystem:" + REGION + ":" + ACCOUNT + ":file-system/" + FILE_SYSTEM;
    private static final long SEED = 20_260_101;
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Spec
    private CommandSpec spec;

    @Option(names = "--exit", description = "End after the table instead of staying up.")
    private boolean exit;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8480",
            description =
                    "Where to listen; with --exit a free port is taken unless this is given. Default: ${DEFAULT-VALUE}")
    private String listen;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "After how many days' work, each with a backup, the loss comes: 1 to 30. Default: ${DEFAULT-VALUE}")
    private int days;

    private final List<Row> rows = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private final InstantSource clock = InstantSource.system();

    /** A line of the table. */
    private record Row(String step, String what, Duration took) {}

    /** A step that may fail with anything. */
    private interface Step {
        String run() throws IOException, InterruptedException;
    }

    /** Removes the demo's files, after the server has ended. */
    private record Removal(Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            SampleTree.delete(folder);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (days < 1 || days > SampleTree.DAYS_AT_MOST) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--days is a number from 1 to " + SampleTree.DAYS_AT_MOST + ", not " + days + ".");
        }
        var out = spec.commandLine().getOut();
        boolean listenGiven = spec.commandLine().getParseResult().hasMatchedOption("--listen");
        var folder = Files.createTempDirectory("coffer-demo-");
        var tree = Files.createDirectory(folder.resolve("team-files"));
        var restored = Files.createDirectory(folder.resolve("restored"));
        var data = folder.resolve("data");
        var log = folder.resolve("coffer.log");
        Logging.start("demo", Version.text(), Optional.of(log));
        var config = folder.resolve("coffer.yaml");
        Files.writeString(config, """
                accounts:
                  - {id: "%s", name: production}
                regions: [%s]
                sources:
                  - {type: EFS, id: %s, name: team-files, path: "%s", restore: "%s", tags: {backup: daily}}
                """.formatted(ACCOUNT, REGION, FILE_SYSTEM, tree, restored));
        out.println("Coffer demo in " + folder + " (removed at the end; server log: " + log.getFileName() + ")");
        out.flush();
        var address = exit && !listenGiven ? "127.0.0.1:0" : listen;
        var options = new ServerOptions(
                data, Optional.of(config), address, Set.of(ServerOptions.Role.values()), false, Version.text());
        int status;
        try (var stop = new StopSignal();
                var _ = new Removal(folder);
                var server = CofferServer.start(options, clock, new SecureRandom());
                var client = client(server.url(), data.resolve("credentials"))) {
            printTable(out, mainJob(out, client, tree));
            status = differences.isEmpty() ? 0 : 1;
            if (!exit) {
                printNext(out, server.url(), data.resolve("credentials"));
                stop.await();
            }
        }
        return status;
    }

    private static BackupClient client(String url, Path credentials) {
        Supplier<ProfileFile> profiles = () -> ProfileFile.builder()
                .content(credentials)
                .type(ProfileFile.Type.CREDENTIALS)
                .build();
        return BackupClient.builder()
                .endpointOverride(URI.create(url))
                .region(Region.of(REGION))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(ProfileCredentialsProvider.builder()
                        .profileFile(profiles)
                        .profileName("coffer")
                        .build())
                .build();
    }

    private Path mainJob(PrintWriter out, BackupClient client, Path tree) throws IOException, InterruptedException {
        var sample = new SampleTree(tree, SEED);
        step(out, "sample tree", () -> {
            sample.create();
            return size(tree) + " in " + count(tree) + " files";
        });
        step(
                out,
                "vault",
                () -> client.createBackupVault(request -> request.backupVaultName(VAULT))
                        .backupVaultArn());
        step(out, "role", () -> ROLE + " (every account has it)");
        step(out, "first backup", () -> backUp(client));
        var point = new String[1];
        for (int number = 1; number <= days; number++) {
            int day = number;
            step(out, "a day's work", () -> {
                sample.aDayPasses(day);
                return "32 files changed, one came, one went";
            });
            step(out, day == 1 ? "second backup" : "another backup", () -> {
                var told = backUp(client);
                point[0] = client.describeProtectedResource(request -> request.resourceArn(RESOURCE))
                        .lastRecoveryPointArn();
                return told;
            });
        }
        var pristine = tree.resolveSibling("pristine");
        step(out, "copy to compare with", () -> {
            copy(tree, pristine);
            return "cp -a";
        });
        step(out, "loss", () -> sample.loseHalf() + " files deleted, one damaged");
        var restored = new Path[1];
        step(out, "full restore", () -> {
            var job = restore(client, point[0], Map.of("newFileSystem", "true", "Encrypted", "false"));
            restored[0] = tree.resolveSibling("restored").resolve(id(job.createdResourceArn()));
            return job.createdResourceArn();
        });
        step(out, "comparison", () -> compare(pristine, restored[0]));
        step(out, "restore of one folder", () -> {
            restore(
                    client,
                    point[0],
                    Map.of("newFileSystem", "false", "file-system-id", FILE_SYSTEM, "ItemsToRestore", "[\"/odd\"]"));
            return "/odd, into the damaged file system";
        });
        step(out, "comparison", () -> {
            Path recovery;
            try (var folders = Files.newDirectoryStream(tree, "aws-backup-restore_*")) {
                recovery = folders.iterator().next();
            }
            return compare(pristine.resolve("odd"), recovery.resolve("odd"));
        });
        return restored[0];
    }

    private void step(PrintWriter out, String name, Step step) throws IOException, InterruptedException {
        var began = clock.instant();
        var what = step.run();
        var row = new Row(name, what, Duration.between(began, clock.instant()));
        rows.add(row);
        out.printf(Locale.ROOT, "  %-22s %6.2f s  %s%n", row.step(), row.took().toMillis() / 1000.0, row.what());
        out.flush();
    }

    private String backUp(BackupClient client) throws InterruptedException {
        var id = client.startBackupJob(request ->
                        request.backupVaultName(VAULT).resourceArn(RESOURCE).iamRoleArn(ROLE))
                .backupJobId();
        var deadline = clock.instant().plus(PATIENCE);
        while (true) {
            DescribeBackupJobResponse job = client.describeBackupJob(request -> request.backupJobId(id));
            switch (job.state()) {
                case COMPLETED -> {
                    return mb(job.backupSizeInBytes()) + ", of which " + mb(job.bytesTransferred())
                            + " were new to the vault"
                            + Optional.ofNullable(job.statusMessage())
                                    .map(text -> "; " + text)
                                    .orElse("");
                }
                case FAILED, ABORTED, EXPIRED, PARTIAL ->
                    throw new IllegalStateException(
                            "the backup ended " + job.stateAsString() + ": " + job.statusMessage());
                default -> pause(deadline, "backup", BackupJobState.class);
            }
        }
    }

    private DescribeRestoreJobResponse restore(BackupClient client, String point, Map<String, String> metadata)
            throws InterruptedException {
        var id = client.startRestoreJob(request ->
                        request.recoveryPointArn(point).iamRoleArn(ROLE).metadata(metadata))
                .restoreJobId();
        var deadline = clock.instant().plus(PATIENCE);
        while (true) {
            DescribeRestoreJobResponse job = client.describeRestoreJob(request -> request.restoreJobId(id));
            switch (job.status()) {
                case COMPLETED -> {
                    return job;
                }
                case FAILED, ABORTED ->
                    throw new IllegalStateException(
                            "the restore ended " + job.statusAsString() + ": " + job.statusMessage());
                default -> pause(deadline, "restore", RestoreJobStatus.class);
            }
        }
    }

    private void pause(Instant deadline, String what, Class<?> states) throws InterruptedException {
        if (clock.instant().isAfter(deadline)) {
            throw new IllegalStateException("the " + what + " did not end within " + PATIENCE.toMinutes() + " minutes ("
                    + states.getSimpleName() + ")");
        }
        Thread.sleep(POLL);
    }

    private String compare(Path expected, Path found) throws IOException {
        var comparison = new TreeComparison(expected, found);
        var different = comparison.run();
        differences.addAll(different);
        return different.isEmpty()
                ? "identical: content, names, owners, modes, times, links, attributes of " + comparison.things()
                        + " things"
                : "DIFFERENT: " + String.join("; ", different);
    }

    private void printTable(PrintWriter out, Path restored) {
        out.println();
        out.println(
                differences.isEmpty()
                        ? "What was lost came back as it was. The restored tree is " + restored
                        : "A restore differed from what was backed up; see above.");
        out.flush();
    }

    private static void printNext(PrintWriter out, String url, Path credentials) {
        out.printf("""

                endpoint      %s
                credentials   %s (profile coffer)
                console       not in this version

                Try, from another shell:

                  export AWS_SHARED_CREDENTIALS_FILE=%s AWS_PROFILE=coffer AWS_REGION=%s AWS_ENDPOINT_URL=%s
                  aws backup list-recovery-points-by-backup-vault --backup-vault-name %s
                  aws backup start-backup-job --backup-vault-name %s --resource-arn %s --iam-role-arn %s
                  aws backup list-backup-jobs --by-state COMPLETED

                Ctrl-C ends the demo and removes its files.
                """, url, credentials, credentials, REGION, url, VAULT, VAULT, RESOURCE, ROLE);
        out.flush();
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        int status = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("cp -a ended with status " + status);
        }
    }

    private static String size(Path tree) throws IOException {
        try (var walk = Files.walk(tree)) {
            long bytes = 0;
            for (var path : walk.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(path);
            }
            return mb(bytes);
        }
    }

    private static long count(Path tree) throws IOException {
        try (var walk = Files.walk(tree)) {
            return walk.filter(Files::isRegularFile).count();
        }
    }

    private static String mb(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
