package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the counts of jobs promise. */
public interface JobCountContract extends CatalogUnderTest {
    /** The days of these tests; jobs are created from the day before to the day after. */
    Days DAYS = new Days(LocalDate.parse("2026-03-01"), LocalDate.parse("2026-03-03"));

    /** The moments of creation: both edges of every day. */
    List<Instant> MOMENTS = Stream.of("2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03")
            .map(day -> Instant.parse(day + "T00:00:00Z"))
            .flatMap(start -> Stream.of(start, start.plus(Duration.ofDays(1)).minusMillis(1)))
            .toList();

    @Test
    default void backupJobsAreCountedByDayStateTypeAndCategory() {
        var samples = samples();
        var jobs = new ArrayList<BackupJob>();
        for (var moment : MOMENTS) {
            for (var state : samples.backupStates()) {
                for (var type : List.of(ResourceType.EFS, ResourceType.S3)) {
                    for (var scope : List.of(SCOPE, ELSEWHERE)) {
                        jobs.add(samples.backupJob(scope, VaultName.DEFAULT, fileSystem(1), type, moment)
                                .in(state));
                    }
                }
            }
        }
        change(tx -> jobs.forEach(tx.backupJobs()::insert));
        for (int chosen = 0; chosen < 8; chosen++) {
            var state = CatalogUnderTest.chosen(chosen, 0, "FAILED");
            var type = CatalogUnderTest.chosen(chosen, 1, ResourceType.S3);
            var category = CatalogUnderTest.chosen(chosen, 2, MessageCategory.ACCESS_DENIED);
            var counts = catalog().read(view -> view.backupJobs().counts(SCOPE, DAYS, state, type, category));
            assertThat(counts)
                    .containsExactlyInAnyOrderElementsOf(counted(
                            jobs.stream().filter(job -> job.scope().equals(SCOPE)),
                            job -> new JobCount(
                                    day(job.createdAt()),
                                    job.state().wireName(),
                                    job.resourceType(),
                                    Optional.of(MessageCategory.of(job.statusMessage())),
                                    0),
                            state,
                            type,
                            category));
        }
    }

    @Test
    default void copyJobsAreCountedByDayStateTypeAndCategory() {
        var samples = samples();
        var jobs = new ArrayList<CopyJob>();
        for (var moment : MOMENTS) {
            for (var state : samples.copyStates()) {
                for (var type : List.of(ResourceType.EFS, ResourceType.S3)) {
                    for (var scope : List.of(SCOPE, ELSEWHERE)) {
                        var point = Arn.ofRecoveryPoint(scope, "p");
                        var destination = CatalogSamples.destination(ELSEWHERE, 1);
                        jobs.add(samples.copyJob(scope, point, destination, fileSystem(1), type, moment)
                                .in(state));
                    }
                }
            }
        }
        change(tx -> jobs.forEach(tx.copyJobs()::insert));
        for (int chosen = 0; chosen < 8; chosen++) {
            var state = CatalogUnderTest.chosen(chosen, 0, "FAILED");
            var type = CatalogUnderTest.chosen(chosen, 1, ResourceType.S3);
            var category = CatalogUnderTest.chosen(chosen, 2, MessageCategory.ACCESS_DENIED);
            var counts = catalog().read(view -> view.copyJobs().counts(SCOPE, DAYS, state, type, category));
            assertThat(counts)
                    .containsExactlyInAnyOrderElementsOf(counted(
                            jobs.stream().filter(job -> job.scope().equals(SCOPE)),
                            job -> new JobCount(
                                    day(job.createdAt()),
                                    job.state().wireName(),
                                    job.resourceType(),
                                    Optional.of(MessageCategory.of(job.statusMessage())),
                                    0),
                            state,
                            type,
                            category));
        }
    }

    @Test
    default void restoreJobsAreCountedByDayStateAndType() {
        var samples = samples();
        var jobs = new ArrayList<RestoreJob>();
        for (var moment : MOMENTS) {
            for (var state : samples.restoreStates()) {
                for (var type : List.of(ResourceType.EFS, ResourceType.S3)) {
                    for (var scope : List.of(SCOPE, ELSEWHERE)) {
                        jobs.add(samples.restoreJob(
                                        scope, Arn.ofRecoveryPoint(scope, "p"), moment, fileSystem(1), type, moment)
                                .in(state));
                    }
                }
            }
        }
        change(tx -> jobs.forEach(tx.restoreJobs()::insert));
        for (int chosen = 0; chosen < 4; chosen++) {
            var state = CatalogUnderTest.chosen(chosen, 0, "COMPLETED");
            var type = CatalogUnderTest.chosen(chosen, 1, ResourceType.EFS);
            var counts = catalog().read(view -> view.restoreJobs().counts(SCOPE, DAYS, state, type));
            assertThat(counts)
                    .containsExactlyInAnyOrderElementsOf(counted(
                            jobs.stream().filter(job -> job.scope().equals(SCOPE)),
                            job -> new JobCount(
                                    day(job.createdAt()),
                                    job.state().wireName(),
                                    job.resourceType(),
                                    Optional.empty(),
                                    0),
                            state,
                            type,
                            Optional.empty()));
        }
    }

    @Test
    default void jobsAreCountedInTheStateThatTheyReachAndStayCountedWhenTheyAreRemoved() {
        var samples = samples();
        var moment = MOMENTS.get(2);
        var job = samples.backupJob(SCOPE, VaultName.DEFAULT, fileSystem(1), ResourceType.EFS, moment);
        var restore = samples.restoreJob(
                SCOPE, Arn.ofRecoveryPoint(SCOPE, "p"), moment, fileSystem(1), ResourceType.EFS, moment);
        var copy = samples.copyJob(Arn.ofRecoveryPoint(SCOPE, "p"), moment);
        change(tx -> {
            tx.backupJobs().insert(job);
            tx.restoreJobs().insert(restore);
            tx.copyJobs().insert(copy);
        });
        assertThat(states()).containsExactlyInAnyOrder("CREATED 1", "PENDING 1", "CREATED 1");
        change(tx -> {
            tx.backupJobs().update(job.in(new BackupState.Completed(moment, Optional.empty())));
            tx.restoreJobs().update(restore.in(new RestoreState.Failed(moment, "no")));
            tx.copyJobs().update(copy.in(new CopyState.Completed(moment)));
        });
        assertThat(states()).containsExactlyInAnyOrder("COMPLETED 1", "FAILED 1", "COMPLETED 1");
        change(tx -> tx.backupJobs().update(job.in(new BackupState.Failed(moment, "after all"))));
        assertThat(states())
                .as("an ended job is counted once")
                .containsExactlyInAnyOrder("FAILED 1", "FAILED 1", "COMPLETED 1");

        var later = moment.plus(Duration.ofDays(40));
        change(tx -> {
            tx.backupJobs().deleteEndedBefore(later, 10);
            tx.restoreJobs().deleteEndedBefore(later, 10);
            tx.copyJobs().deleteEndedBefore(later, 10);
        });
        assertThat(states()).containsExactlyInAnyOrder("FAILED 1", "FAILED 1", "COMPLETED 1");
        change(tx -> tx.backupJobs().forgetCountsBefore(day(moment)));
        assertThat(states()).hasSize(3);
        change(tx -> tx.backupJobs().forgetCountsBefore(day(moment).plusDays(1)));
        assertThat(states()).isEmpty();
    }

    private List<String> states() {
        return catalog()
                .read(view -> Stream.of(
                                view.backupJobs()
                                        .counts(SCOPE, DAYS, Optional.empty(), Optional.empty(), Optional.empty()),
                                view.copyJobs()
                                        .counts(SCOPE, DAYS, Optional.empty(), Optional.empty(), Optional.empty()),
                                view.restoreJobs().counts(SCOPE, DAYS, Optional.empty(), Optional.empty()))
                        .flatMap(List::stream)
                        .map(count -> count.state() + " " + count.count())
                        .toList());
    }

    private static LocalDate day(Instant moment) {
        return LocalDate.ofInstant(moment, ZoneOffset.UTC);
    }

    private static <T> List<JobCount> counted(
            Stream<T> jobs,
            Function<T, JobCount> kind,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category) {
        var countByKind = new HashMap<JobCount, Long>();
        jobs.map(kind)
                .filter(one -> !one.day().isBefore(DAYS.first()) && one.day().isBefore(DAYS.end()))
                .filter(one -> state.isEmpty() || state.get().equals(one.state()))
                .filter(one -> type.isEmpty() || type.get() == one.type())
                .filter(one -> category.isEmpty() || category.equals(one.category()))
                .forEach(one -> countByKind.merge(one, 1L, Long::sum));
        return countByKind.entrySet().stream()
                .map(entry -> new JobCount(
                        entry.getKey().day(),
                        entry.getKey().state(),
                        entry.getKey().type(),
                        entry.getKey().category(),
                        entry.getValue()))
                .toList();
    }
}
