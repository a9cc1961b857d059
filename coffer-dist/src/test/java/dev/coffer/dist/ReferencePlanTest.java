package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.FILE_SYSTEM;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import dev.coffer.server.ServerTime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.ConditionParameter;
import software.amazon.awssdk.services.backup.model.RecoveryPointByBackupVault;
import software.amazon.awssdk.services.backup.model.RecoveryPointStatus;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/**
 * The reference set-up, for real: a daily plan with thirty days of retention that finds its file system by a tag, over forty days, with a whole server, a real folder that changes every day and a real vault. Only the time
 * leaps. The server runs in this process, since its clock has to be moved.
 */
final class ReferencePlanTest {
    private static final Instant START = Instant.parse("2026-03-01T04:00:00Z");
    private static final int DAYS = 40;
    private static final int KEPT = 30;
    private static final int CHANGED_BYTES = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final long began = System.nanoTime();
    private final AtomicReference<Duration> leapt = new AtomicReference<>(Duration.ZERO);

    private long monotonic() {
        return leapt.get().toNanos() + System.nanoTime() - began;
    }

    private Instant now() {
        return START.plusNanos(monotonic());
    }

    private void leapTo(Instant moment) {
        var by = Duration.between(now(), moment);
        assertThat(by).isPositive();
        leapt.updateAndGet(before -> before.plus(by));
    }

    @Test
    void fortyDaysKeepExactlyThePointsOfTheLastThirtyAndFreeTheRest() throws Exception {
        Files.createDirectories(folder.resolve("restored"));
        Trees.random(folder.resolve("tree/still"), 3, 50_000, 1);
        Trees.random(folder.resolve("other"), 1, 1000, 1);
        try (var server = CofferServer.start(
                        options(), new ServerTime(this::now, this::monotonic, 3000), new SecureRandom());
                var client = client(server)) {
            client.createBackupVault(r -> r.backupVaultName("reference"));
            plan(client);
            for (int day = 1; day <= DAYS; day++) {
                Trees.random(folder.resolve("tree/today"), 1, CHANGED_BYTES, day);
                keep(day);
                leapTo(fireAt(day));
                var expected = LongStream.rangeClosed(Math.max(1, day - KEPT + 1L), day)
                        .mapToObj(ReferencePlanTest::fireAt)
                        .toList();
                int today = day;
                await(
                        client,
                        points -> points.stream()
                                .anyMatch(point -> made(point).equals(fireAt(today))
                                        && point.status() == RecoveryPointStatus.COMPLETED));
                leapTo(fireAt(day).plus(Duration.ofMinutes(30)));
                await(
                        client,
                        points -> points.stream()
                                .map(ReferencePlanTest::made)
                                .sorted()
                                .toList()
                                .equals(expected));
                assertThat(points(client)).allSatisfy(point -> {
                    assertThat(point.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
                    assertThat(point.resourceArn()).isEqualTo(RunningCoffer.RESOURCE);
                    assertThat(point.lifecycle().deleteAfterDays()).isEqualTo(KEPT);
                });
            }
            spaceIsFreed();
            var points = points(client);
            restored(client, points.getLast(), DAYS - KEPT + 1);
            restored(client, points.getFirst(), DAYS);
            assertThat(client.listBackupJobs(r -> {}).backupJobs())
                    .hasSize(KEPT)
                    .allSatisfy(job -> assertThat(job.state()).isEqualTo(BackupJobState.COMPLETED));
        }
        eventsSaySo();
    }

    private static Instant fireAt(long day) {
        return START.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(day - 1)).plus(Duration.ofHours(5));
    }

    /** The instant of the plan that made the point: jobs begin within some seconds of it. */
    private static Instant made(RecoveryPointByBackupVault point) {
        return point.creationDate().truncatedTo(ChronoUnit.HOURS);
    }

    private List<RecoveryPointByBackupVault> points(BackupClient client) {
        return client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("reference"))
                .recoveryPoints();
    }

    private void await(BackupClient client, Predicate<List<RecoveryPointByBackupVault>> condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var points = points(client);
        while (!condition.test(points)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("at " + now() + " there are " + points + " by "
                        + client.listBackupJobs(r -> r.maxResults(3)).backupJobs());
            }
            Thread.sleep(20);
            points = points(client);
        }
    }

    private void keep(int day) throws IOException, InterruptedException {
        if (day == DAYS - KEPT + 1 || day == DAYS) {
            Trees.sh(folder, "cp -a tree kept-" + day);
        }
    }

    private void restored(BackupClient client, RecoveryPointByBackupVault point, int day)
            throws IOException, InterruptedException {
        assertThat(made(point)).isEqualTo(fireAt(day));
        var job = RunningCoffer.restore(client, point.recoveryPointArn(), Map.of("newFileSystem", "true"));
        assertThat(job.status()).as(job.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
        var arn = job.createdResourceArn();
        assertThat(Trees.listing(folder.resolve("restored").resolve(arn.substring(arn.lastIndexOf('/') + 1))))
                .isEqualTo(Trees.listing(folder.resolve("kept-" + day)));
    }

    /** Sweeps run every hour; what the last thirty days have added stays, with little beside it. */
    private void spaceIsFreed() throws InterruptedException {
        long most = (KEPT + 2L) * CHANGED_BYTES + 1_000_000;
        for (int hour = 1; hour <= 20 && storedBytes() > most; hour++) {
            leapTo(now().plus(Duration.ofMinutes(61)));
            Thread.sleep(300);
        }
        assertThat(storedBytes()).isLessThan(most).isGreaterThan((long) KEPT * CHANGED_BYTES);
    }

    private long storedBytes() {
        try {
            return Long.parseLong(
                    Trees.sh(folder, "du -sb data/vaults/" + ACCOUNT + "/" + REGION + "/reference | cut -f1")
                            .strip());
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void eventsSaySo() throws IOException {
        var lines = Files.readAllLines(folder.resolve("data/event-logs")
                .resolve(ACCOUNT)
                .resolve(REGION)
                .resolve("all.jsonl"));
        assertThat(count(lines, "Backup Job State Change", "\"state\":\"COMPLETED\""))
                .isEqualTo(DAYS);
        assertThat(count(lines, "Recovery Point State Change", "\"status\":\"COMPLETED\""))
                .isEqualTo(DAYS);
        assertThat(count(lines, "Recovery Point State Change", "\"status\":\"DELETING\""))
                .as("points that were deleted")
                .isEqualTo(DAYS - KEPT);
        assertThat(lines).noneMatch(line -> line.contains("\"FAILED\"") || line.contains("\"EXPIRED\""));
    }

    private static long count(List<String> lines, String type, String detail) {
        return lines.stream()
                .filter(line -> line.contains(type) && line.contains(detail))
                .count();
    }

    private ServerOptions options() throws IOException {
        var file = Files.writeString(folder.resolve("coffer.yaml"), """
                accounts: [{id: "%s", name: production}]
                regions: [%s]
                maintenance: {sweepMinutes: 60, verifyDays: 30}
                sources:
                  - {type: EFS, id: %s, name: team-files, path: "%s", restore: "%s", tags: {backup: daily}}
                  - {type: EFS, id: fs-0a1b2c3d4e5f60002, name: other, path: "%s", tags: {backup: never}}
                events:
                  rules:
                    - name: all
                      pattern: {source: [aws.backup]}
                      targets: [{id: lines, type: log, file: all.jsonl}]
                """.formatted(
                        ACCOUNT,
                        REGION,
                        FILE_SYSTEM,
                        folder.resolve("tree"),
                        folder.resolve("restored"),
                        folder.resolve("other")));
        return new ServerOptions(
                folder.resolve("data"),
                Optional.of(file),
                "127.0.0.1:0",
                EnumSet.allOf(ServerOptions.Role.class),
                false,
                "test");
    }

    private static void plan(BackupClient client) {
        var rule = BackupRuleInput.builder()
                .ruleName("daily")
                .targetBackupVaultName("reference")
                .scheduleExpression("cron(0 5 ? * * *)")
                .lifecycle(l -> l.deleteAfterDays((long) KEPT))
                .build();
        var plan = client.createBackupPlan(r -> r.backupPlan(
                p -> p.backupPlanName("backup_daily_30_days_retention").rules(rule)));
        var tagged = ConditionParameter.builder()
                .conditionKey("aws:ResourceTag/backup")
                .conditionValue("daily")
                .build();
        client.createBackupSelection(r -> r.backupPlanId(plan.backupPlanId())
                .backupSelection(s -> s.selectionName("tagged")
                        .iamRoleArn(ROLE)
                        .resources("*")
                        .conditions(c -> c.stringEquals(tagged))));
    }

    /** A client that signs at the server's time. */
    private BackupClient client(CofferServer server) throws IOException {
        var credentials = Files.readString(folder.resolve("data/credentials"));
        var keys = AwsBasicCredentials.create(
                found(credentials, "aws_access_key_id = (\\S+)"), found(credentials, "aws_secret_access_key = (\\S+)"));
        return BackupClient.builder()
                .endpointOverride(URI.create(server.url()))
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(keys))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .putAuthScheme(new LeapingScheme(this::now))
                .build();
    }

    private static String found(String text, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private record LeapingScheme(Supplier<Instant> now) implements AwsV4AuthScheme {
        @Override
        public String schemeId() {
            return SCHEME_ID;
        }

        @Override
        public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
            return providers.identityProvider(AwsCredentialsIdentity.class);
        }

        @Override
        public AwsV4HttpSigner signer() {
            return new LeapingSigner(AwsV4HttpSigner.create(), now);
        }
    }

    private record LeapingSigner(AwsV4HttpSigner signer, Supplier<Instant> now) implements AwsV4HttpSigner {
        private Clock clock() {
            return Clock.fixed(now.get(), ZoneOffset.UTC);
        }

        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            return signer.sign(request.copy(copy -> copy.putProperty(HttpSigner.SIGNING_CLOCK, clock())));
        }

        @Override
        public java.util.concurrent.CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            return signer.signAsync(request.copy(copy -> copy.putProperty(HttpSigner.SIGNING_CLOCK, clock())));
        }
    }
}
