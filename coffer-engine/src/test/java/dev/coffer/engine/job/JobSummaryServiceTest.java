package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.REGION;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobSummary;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.SummaryQuery;
import dev.coffer.core.job.SummaryQuery.Dimension;
import dev.coffer.core.job.SummaryQuery.Period;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.upkeep.Upkeep;
import dev.coffer.testkit.catalog.CatalogSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock stands at 10:00 on March 1; the present day begins at midnight. */
final class JobSummaryServiceTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");

    private final CatalogSamples samples = new CatalogSamples(new Random(3));
    private final EngineBench bench;
    private final JobSummaryService summaries;

    JobSummaryServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        summaries = new JobSummaryService(bench.catalog, bench.gate, bench.clock);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void backup(Caller caller, Instant createdAt, ResourceType type, BackupState state) {
        bench.write(tx -> tx.backupJobs()
                .insert(samples.backupJob(
                                caller.scope(),
                                VaultName.DEFAULT,
                                Arn.ofFileSystem(caller.scope(), "fs-1"),
                                type,
                                createdAt)
                        .in(state)));
    }

    private void restore(Instant createdAt, RestoreState state) {
        bench.write(tx -> tx.restoreJobs()
                .insert(samples.restoreJob(
                                ADMIN.scope(),
                                Arn.ofRecoveryPoint(ADMIN.scope(), "p"),
                                createdAt,
                                Arn.ofFileSystem(ADMIN.scope(), "fs-1"),
                                ResourceType.EFS,
                                createdAt)
                        .in(state)));
    }

    private static SummaryQuery query(Dimension<String> state, Dimension<MessageCategory> category, Period period) {
        return new SummaryQuery(state, new Dimension.Together<>(), category, period);
    }

    private List<String> backups(SummaryQuery query) {
        return words(summaries
                .backupJobs(ADMIN, query, Optional.empty(), PageRequest.first(500))
                .rows());
    }

    private static List<String> words(List<JobSummary> rows) {
        return rows.stream()
                .map(row -> row.from().toString().substring(0, 10) + " "
                        + row.state().orElse("*") + " "
                        + row.category().map(MessageCategory::name).orElse("*") + " " + row.count())
                .toList();
    }

    private void fill() {
        var done = new BackupState.Completed(MIDNIGHT, Optional.empty());
        var issues = new BackupState.Completed(MIDNIGHT, Optional.of("2 items were skipped."));
        var denied = new BackupState.Failed(MIDNIGHT, "Access denied");
        backup(ADMIN, MIDNIGHT, ResourceType.EFS, done);
        backup(ADMIN, MIDNIGHT.minusMillis(1), ResourceType.EFS, done);
        backup(ADMIN, MIDNIGHT.minus(Duration.ofDays(1)), ResourceType.S3, issues);
        backup(ADMIN, MIDNIGHT.minus(Duration.ofDays(7)), ResourceType.EFS, denied);
        backup(ADMIN, MIDNIGHT.minus(Duration.ofDays(7)).minusMillis(1), ResourceType.EFS, denied);
        backup(ADMIN, MIDNIGHT.minus(Duration.ofDays(14)), ResourceType.EFS, done);
        backup(ADMIN, MIDNIGHT.minus(Duration.ofDays(14)).minusMillis(1), ResourceType.EFS, done);
        backup(STRANGER, MIDNIGHT.minusMillis(1), ResourceType.EFS, done);
    }

    @Test
    void backupJobsOfTheWholeDaysOfThePeriodAreCounted() {
        fill();
        var together = new Dimension.Together<String>();
        var all = new Dimension.Together<MessageCategory>();

        assertThat(backups(query(together, all, Period.FOURTEEN_DAYS))).containsExactly("2026-02-15 * * 5");
        assertThat(backups(query(together, all, Period.SEVEN_DAYS))).containsExactly("2026-02-22 * * 3");
        assertThat(backups(query(together, all, Period.ONE_DAY)))
                .containsExactly("2026-02-28 * * 2", "2026-02-22 * * 1", "2026-02-21 * * 1", "2026-02-15 * * 1");
        bench.clock.advance(Duration.ofHours(14));
        assertThat(backups(query(together, all, Period.FOURTEEN_DAYS))).containsExactly("2026-02-16 * * 5");
    }

    @Test
    void statesTypesAndCategoriesAreToldApartAndRequired() {
        fill();
        assertThat(backups(query(new Dimension.Apart<>(), new Dimension.Apart<>(), Period.FOURTEEN_DAYS)))
                .containsExactly(
                        "2026-02-15 COMPLETED MISCELLANEOUS 1",
                        "2026-02-15 COMPLETED SUCCESS 2",
                        "2026-02-15 FAILED ACCESS_DENIED 2");
        assertThat(backups(query(
                        new Dimension.Only<>("COMPLETED"),
                        new Dimension.Only<>(MessageCategory.SUCCESS),
                        Period.FOURTEEN_DAYS)))
                .containsExactly("2026-02-15 COMPLETED SUCCESS 2");
        assertThat(backups(new SummaryQuery(
                        new Dimension.Together<>(),
                        new Dimension.Only<>(ResourceType.S3),
                        new Dimension.Together<>(),
                        Period.FOURTEEN_DAYS)))
                .containsExactly("2026-02-15 * * 1");
        assertThat(backups(query(new Dimension.Only<>("EXPIRED"), new Dimension.Together<>(), Period.FOURTEEN_DAYS)))
                .isEmpty();
    }

    @Test
    void pagesTogetherAreTheWhole() {
        fill();
        var query = query(new Dimension.Apart<>(), new Dimension.Apart<>(), Period.ONE_DAY);
        var rows = new ArrayList<JobSummary>();
        var request = PageRequest.first(2);
        while (true) {
            var page = summaries.backupJobs(ADMIN, query, Optional.empty(), request);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(2);
            rows.addAll(page.rows());
            if (page.next().isEmpty()) {
                break;
            }
            request = new PageRequest(2, page.next());
        }
        assertThat(rows).hasSize(5);
        assertThat(words(rows)).isEqualTo(backups(query));
    }

    @Test
    void restoreJobsAreCountedWithoutCategory() {
        restore(MIDNIGHT.minusSeconds(1), new RestoreState.Failed(MIDNIGHT, "The target is full."));
        restore(MIDNIGHT.minusSeconds(1), new RestoreState.Pending(MIDNIGHT));
        restore(MIDNIGHT, new RestoreState.Pending(MIDNIGHT));

        var query = query(new Dimension.Apart<>(), new Dimension.Together<>(), Period.ONE_DAY);
        assertThat(words(summaries
                        .restoreJobs(ADMIN, query, Optional.of("111122223333"), PageRequest.first(10))
                        .rows()))
                .containsExactly("2026-02-28 FAILED * 1", "2026-02-28 PENDING * 1");
    }

    @Test
    void jobsAreForgottenThirtyDaysAfterTheirEnd() throws InterruptedException {
        var end = bench.clock.instant();
        backup(ADMIN, end, ResourceType.EFS, new BackupState.Completed(end, Optional.empty()));
        restore(end, new RestoreState.Failed(end, "The target is full."));
        try (var upkeep = new Upkeep(bench.catalog, bench.vaults, bench.clock, bench.limits, Duration.ofHours(1))) {
            bench.clock.advance(Duration.ofDays(30));
            var early = upkeep.tick();
            assertThat(early.backupJobs() + early.restoreJobs()).isZero();
            bench.clock.advance(Duration.ofMillis(1));
            var late = upkeep.tick();
            assertThat(late.backupJobs()).isEqualTo(1);
            assertThat(late.restoreJobs()).isEqualTo(1);
        }
    }

    @Test
    void onlyTheOwnAccountIsCountedAndOnlyForThoseWhoMay() {
        var query = query(new Dimension.Together<>(), new Dimension.Together<>(), Period.ONE_DAY);
        var page = PageRequest.first(10);
        assertThat(refusal(() -> summaries.backupJobs(ADMIN, query, Optional.of("444455556666"), page))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        var nobody = new Caller(EngineBench.ACCOUNT, Arn.ofRole(EngineBench.ACCOUNT, "x"), REGION);
        assertThat(refusal(() -> summaries.restoreJobs(nobody, query, Optional.empty(), page))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }
}
