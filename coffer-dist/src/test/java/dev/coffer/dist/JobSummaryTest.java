package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.AggregationPeriod;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupJobSummary;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;

/** Job summaries count whole days, so the jobs of this test are made a day older in the catalog while no server runs. */
final class JobSummaryTest {
    @TempDir
    private Path folder;

    @Test
    void jobsOfYesterdayAreCountedAndThoseOfTodayAreNot() throws Exception {
        Trees.random(folder.resolve("tree"), 2, 10_000, 1);
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var done = RunningCoffer.backUp(client, "Default");
            assertThat(done.state()).isEqualTo(BackupJobState.COMPLETED);
            RunningCoffer.restore(client, done.recoveryPointArn(), Map.of("newFileSystem", "true"));
            Trees.sh(folder, "mv tree gone");
            assertThat(RunningCoffer.backUp(client, "Default").state()).isEqualTo(BackupJobState.FAILED);
            Trees.sh(folder, "mv gone tree");
            assertThat(client.listBackupJobSummaries(r -> {}).backupJobSummaries())
                    .isEmpty();
            assertThat(coffer.stop()).isZero();
        }
        makeJobsADayOlder();
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            assertThat(RunningCoffer.backUp(client, "Default").state()).isEqualTo(BackupJobState.COMPLETED);
            countedAsAsked(client);
            pagedAndFiltered(client);

            var stranger = coffer.client(coffer.credentials("coffer-archive"), REGION);
            assertThat(stranger.listBackupJobSummaries(r -> {}).backupJobSummaries())
                    .isEmpty();
            assertThat(catchThrowableOfType(
                                    BackupException.class,
                                    () -> stranger.listBackupJobSummaries(r -> r.accountId(ACCOUNT)))
                            .awsErrorDetails()
                            .errorCode())
                    .isEqualTo("AccessDeniedException");
        }
    }

    private void countedAsAsked(BackupClient client) {
        var all = client.listBackupJobSummaries(r -> {});
        assertThat(all.aggregationPeriod()).isEqualTo("FOURTEEN_DAYS");
        assertThat(all.nextToken()).isNull();
        assertThat(all.backupJobSummaries()).singleElement().satisfies(row -> {
            assertThat(row.region()).isEqualTo(REGION);
            assertThat(row.accountId()).isEqualTo(ACCOUNT);
            assertThat(row.stateAsString()).isEqualTo("AGGREGATE_ALL");
            assertThat(row.resourceType()).isEqualTo("AGGREGATE_ALL");
            assertThat(row.messageCategory()).isEqualTo("AGGREGATE_ALL");
            assertThat(row.count()).isEqualTo(2);
            assertThat(Duration.between(row.startTime(), row.endTime())).isEqualTo(Duration.ofDays(14));
            assertThat(row.endTime()).isEqualTo(row.endTime().truncatedTo(ChronoUnit.DAYS));
            assertThat(row.endTime()).isBefore(Instant.now());
        });
        assertThat(rows(client.listBackupJobSummaries(r -> r.state("ANY")
                                .resourceType("ANY")
                                .messageCategory("ANY")
                                .accountId("ANY")
                                .aggregationPeriod(AggregationPeriod.ONE_DAY))
                        .backupJobSummaries()))
                .containsExactly("COMPLETED EFS SUCCESS 1", "FAILED EFS " + failure(client) + " 1");
        var restores = client.listRestoreJobSummaries(
                r -> r.state("ANY").resourceType("EFS").aggregationPeriod(AggregationPeriod.SEVEN_DAYS));
        assertThat(restores.aggregationPeriod()).isEqualTo("SEVEN_DAYS");
        assertThat(restores.restoreJobSummaries()).singleElement().satisfies(row -> {
            assertThat(row.stateAsString()).isEqualTo("COMPLETED");
            assertThat(row.resourceType()).isEqualTo("EFS");
            assertThat(row.accountId()).isEqualTo(ACCOUNT);
            assertThat(row.count()).isEqualTo(1);
        });
    }

    private static String failure(BackupClient client) {
        return client.listBackupJobs(r -> r.byState(BackupJobState.FAILED))
                .backupJobs()
                .getFirst()
                .messageCategory();
    }

    private void pagedAndFiltered(BackupClient client) {
        var paged = new ArrayList<BackupJobSummary>();
        var page = client.listBackupJobSummaries(r -> r.state("ANY").maxResults(1));
        paged.addAll(page.backupJobSummaries());
        while (page.nextToken() != null) {
            var token = page.nextToken();
            page = client.listBackupJobSummaries(
                    r -> r.state("ANY").maxResults(1).nextToken(token));
            paged.addAll(page.backupJobSummaries());
        }
        assertThat(rows(paged))
                .containsExactly("COMPLETED AGGREGATE_ALL AGGREGATE_ALL 1", "FAILED AGGREGATE_ALL AGGREGATE_ALL 1");

        assertThat(rows(client.listBackupJobSummaries(r -> r.state("FAILED")).backupJobSummaries()))
                .containsExactly("FAILED AGGREGATE_ALL AGGREGATE_ALL 1");
        assertThat(rows(client.listBackupJobSummaries(
                                r -> r.messageCategory("success").accountId(ACCOUNT))
                        .backupJobSummaries()))
                .containsExactly("AGGREGATE_ALL AGGREGATE_ALL SUCCESS 1");
        assertThat(client.listBackupJobSummaries(r -> r.resourceType("S3")).backupJobSummaries())
                .isEmpty();
        for (var wrong : List.<Runnable>of(
                () -> client.listBackupJobSummaries(r -> r.state("DONE")),
                () -> client.listBackupJobSummaries(r -> r.resourceType("FTP")),
                () -> client.listBackupJobSummaries(r -> r.messageCategory("FINE")),
                () -> client.listBackupJobSummaries(r -> r.aggregationPeriod("TWO_DAYS")),
                () -> client.listRestoreJobSummaries(r -> r.state("EXPIRED")),
                () -> client.listBackupJobSummaries(r -> r.nextToken("x")))) {
            assertThat(catchThrowableOfType(BackupException.class, wrong::run))
                    .isInstanceOf(InvalidParameterValueException.class);
        }
    }

    private static List<String> rows(List<BackupJobSummary> summaries) {
        return summaries.stream()
                .map(row -> row.stateAsString() + " " + row.resourceType() + " " + row.messageCategory() + " "
                        + row.count())
                .toList();
    }

    private void makeJobsADayOlder() throws SQLException, IOException {
        var catalog = folder.resolve("data/catalog/catalog.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                var change = connection.createStatement()) {
            for (var table : List.of("backup_job", "restore_job")) {
                change.executeUpdate("update " + table + " set created_at = created_at - 86400000");
            }
            change.executeUpdate("update job_day set day = day - 1");
        }
    }
}
