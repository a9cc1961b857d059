package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.testkit.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJob;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.Condition;
import software.amazon.awssdk.services.backup.model.ConditionType;
import software.amazon.awssdk.services.backup.model.CopyAction;
import software.amazon.awssdk.services.backup.model.CopyJob;
import software.amazon.awssdk.services.backup.model.CopyJobState;
import software.amazon.awssdk.services.backup.model.RestoreJobStatus;

/** Two servers, as processes of their own, on one PostgreSQL catalog and one folder of vaults. */
final class NodesTest {
    private static final List<String> FILE_SYSTEMS =
            List.of("fs-0a1b2c3d4e5f60001", "fs-0a1b2c3d4e5f60002", "fs-0a1b2c3d4e5f60003");
    /** More than a signature may be off, and than a lease lasts. */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([0-9a-f-]{36})\"");

    /** A vault that one node creates, and that the rules of both copy into. */
    private static final String COPIES =
            "arn:aws:backup:" + RunningCoffer.REGION + ":" + RunningCoffer.ACCOUNT + ":backup-vault:vault-1";

    private static final String RUNNING = "select lease_node from backup_job where state = 'RUNNING'";
    private static final String ENDED = "select id from backup_job where ended_at is not null";

    @TempDir
    private Path folder;

    private final List<RunningCoffer> started = new ArrayList<>();

    private PostgresServer database;
    private String name;

    @BeforeEach
    void startDatabase() throws IOException {
        database = PostgresServer.start(folder.resolve("postgres"));
        name = database.makeDatabase();
        for (var fileSystem : FILE_SYSTEMS) {
            Trees.random(folder.resolve(fileSystem), 120, 500_000, fileSystem.hashCode());
        }
        Files.createDirectories(folder.resolve("vaults"));
        Files.createDirectories(folder.resolve("restored"));
    }

    @AfterEach
    void stopAll() {
        started.forEach(RunningCoffer::close);
        database.close();
    }

    private RunningCoffer node(String node, Duration ahead) throws IOException {
        var home = Files.createDirectories(folder.resolve(node));
        var config =
                new StringBuilder("""
                catalog: {url: "%s", user: %s}
                storage: [{path: "%s"}]
                sources:
                """.formatted(database.url(name), PostgresServer.USER, folder.resolve("vaults")));
        for (var fileSystem : FILE_SYSTEMS) {
            config.append("  - {type: EFS, id: %s, path: \"%s\", restore: \"%s\", tags: {backup: often}}%n"
                    .formatted(fileSystem, folder.resolve(fileSystem), folder.resolve("restored")));
        }
        Files.writeString(home.resolve("coffer.yaml"), config);
        var running = ahead.isZero() ? RunningCoffer.start(home) : RunningCoffer.startAhead(home, ahead);
        started.add(running);
        return running;
    }

    /** A second node needs the keys of the first. */
    private void giveKeys(String from, String to) throws IOException {
        var keys = Files.createDirectories(folder.resolve(to).resolve("data").resolve("keys"));
        try (var files = Files.list(folder.resolve(from).resolve("data").resolve("keys"))) {
            for (var file : files.toList()) {
                Files.copy(file, keys.resolve(file.getFileName()));
            }
        }
    }

    private List<String> query(String sql) {
        try (var connection = database.connect(name);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var values = new ArrayList<String>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("in vain: " + what);
            }
            Thread.sleep(100);
        }
    }

    private static void plan(BackupClient client, Instant instant) {
        var at = instant.atZone(ZoneOffset.UTC);
        var rule = BackupRuleInput.builder()
                .ruleName("once")
                .targetBackupVaultName("Default")
                .scheduleExpression("cron(" + at.getMinute() + " " + at.getHour() + " ? * * *)")
                .startWindowMinutes(60L)
                .completionWindowMinutes(120L)
                .copyActions(
                        CopyAction.builder().destinationBackupVaultArn(COPIES).build())
                .build();
        var often = Condition.builder()
                .conditionType(ConditionType.STRINGEQUALS)
                .conditionKey("backup")
                .conditionValue("often")
                .build();
        var id = client.createBackupPlan(r -> r.backupPlan(
                        plan -> plan.backupPlanName("at-" + at.getMinute()).rules(rule)))
                .backupPlanId();
        client.createBackupSelection(r -> r.backupPlanId(id)
                .backupSelection(s -> s.selectionName("often").iamRoleArn(ROLE).listOfTags(often)));
    }

    @Test
    void eachInstantHasOneEffectWhateverHappensToNodesClocksAndDatabase() throws IOException, InterruptedException {
        var a = node("a", Duration.ZERO);
        giveKeys("a", "b");
        var b = node("b", AHEAD);
        var first = RunningCoffer.nextMinute(10).toInstant();
        try (var viaA = a.client();
                var viaB = b.client()) {
            // What one node tells, the other understands: keys, page tokens.
            for (int i = 0; i < 3; i++) {
                var vault = "vault-" + i;
                (i % 2 == 0 ? viaA : viaB).createBackupVault(r -> r.backupVaultName(vault));
            }
            var token = viaA.listBackupVaults(r -> r.maxResults(2)).nextToken();
            assertThat(viaB.listBackupVaults(r -> r.maxResults(9).nextToken(token))
                            .backupVaultList())
                    .hasSize(2);
            plan(viaA, first);
            plan(viaB, first.plus(Duration.ofMinutes(1)));
        }
        // One node dies in the middle of a job. The other takes the job over, and the clock is not its own host's.
        await("a running job", () -> !query(RUNNING).isEmpty());
        boolean isA = query(RUNNING)
                .contains(Files.readString(a.data().resolve("node-id")).strip());
        (isA ? a : b).kill();
        await("the jobs of the first instant", () -> query(ENDED).size() >= FILE_SYSTEMS.size());
        var next = isA ? node("a", Duration.ZERO) : node("b", AHEAD);
        await(
                "the second instant",
                () -> query("select fire_at from scheduled_run").size() == 2);
        database.stop();
        database.startAgain();
        await("the jobs of the second instant", () -> query(ENDED).size() == 2 * FILE_SYSTEMS.size());
        await(
                "the end of all runs",
                () -> query("select state from scheduled_run where state <> 'DONE'")
                        .isEmpty());
        await(
                "the copies of both instants",
                () -> query("select id from copy_job where ended_at is not null")
                                .size()
                        == 2 * FILE_SYSTEMS.size());
        try (var client = next.client()) {
            assertOneEffectEach(client);
        }
        var last = isA ? b : a;
        var events = query("select id from event");
        assertThat(events).hasSizeGreaterThan(30);
        await("the delivery of all events", () -> delivered(next, last).containsAll(events));
        assertThat(delivered(next, last).size())
                .as("each once, but for what was being delivered when its node was killed or the database stopped")
                .isLessThanOrEqualTo(events.size() + 4);
        assertThat(next.stop()).isZero();
        assertThat(last.stop()).isZero();
    }

    private void assertOneEffectEach(BackupClient client) throws IOException, InterruptedException {
        var jobs = client.listBackupJobs(r -> {}).backupJobs();
        assertThat(jobs)
                .hasSize(2 * FILE_SYSTEMS.size())
                .allSatisfy(job -> assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED));
        assertThat(jobs.stream().map(job -> job.createdBy().backupPlanId() + job.resourceArn()))
                .doesNotHaveDuplicates();
        var points = client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("Default"))
                .recoveryPoints();
        assertThat(points.stream().map(point -> point.recoveryPointArn()))
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(BackupJob::recoveryPointArn).toList());
        var copies = client.listCopyJobs(r -> {}).copyJobs();
        assertThat(copies)
                .hasSize(jobs.size())
                .allSatisfy(copy -> assertThat(copy.state()).as(copy.toString()).isEqualTo(CopyJobState.COMPLETED));
        assertThat(copies.stream().map(CopyJob::createdByBackupJobId))
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(BackupJob::backupJobId).toList());
        assertThat(client.listRecoveryPointsByBackupVault(r -> r.backupVaultName("vault-1"))
                        .recoveryPoints())
                .hasSize(copies.size());
        // Each copy was read from its point, so what comes back from it was in both.
        for (var copy : copies) {
            var restored =
                    RunningCoffer.restore(client, copy.destinationRecoveryPointArn(), Map.of("newFileSystem", "true"));
            assertThat(restored.status()).as(restored.toString()).isEqualTo(RestoreJobStatus.COMPLETED);
            assertThat(Trees.listing(folder.resolve("restored").resolve(MainJobTest.id(restored.createdResourceArn()))))
                    .isEqualTo(Trees.listing(folder.resolve(MainJobTest.id(copy.resourceArn()))));
        }
    }

    /** The ids of the events that the nodes have told to their logs. */
    private static List<String> delivered(RunningCoffer one, RunningCoffer other) {
        try {
            var ids = new ArrayList<String>();
            for (var log : List.of(one.log(), other.log())) {
                log.lines().filter(line -> line.contains("aws.backup")).forEach(line -> {
                    var id = EVENT_ID.matcher(line);
                    if (id.find()) {
                        ids.add(id.group(1));
                    }
                });
            }
            return ids;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aNodeWithOtherKeysOrWithoutTheVaultsDoesNotStart() throws IOException, InterruptedException {
        var a = node("a", Duration.ZERO);
        assertThatThrownBy(() -> node("b", Duration.ZERO))
                .hasMessageContaining("node.key is missing")
                .hasMessageContaining("copy of the folder keys");
        giveKeys("a", "c");
        Files.delete(folder.resolve("c/data/keys/coffer.key"));
        assertThatThrownBy(() -> node("c", Duration.ZERO)).hasMessageContaining("coffer.key is missing");
        assertThat(a.stop()).isZero();
        giveKeys("a", "d");
        Files.move(folder.resolve("vaults"), folder.resolve("elsewhere"));
        assertThatThrownBy(() -> node("d", Duration.ZERO)).hasMessageContaining("is not there. Mount it");
        Files.createDirectories(folder.resolve("vaults"));
        assertThatThrownBy(() -> node("d", Duration.ZERO))
                .hasMessageContaining("is empty, and the catalog lists vaults");
    }
}
