package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static dev.coffer.testkit.catalog.CatalogSamples.lease;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RestoreJobRows.Filter;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.resource.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the rows of restore jobs promise. */
public interface RestoreJobContract extends CatalogUnderTest {
    /** The recovery point of these tests. */
    Arn POINT = Arn.ofRecoveryPoint(SCOPE, "point-1");

    @Test
    default void everyFieldOfARestoreJobComesBackInEveryState() {
        var samples = samples();
        for (int round = 0; round < 10; round++) {
            for (var state : samples.restoreStates()) {
                var job = samples.restoreJob(POINT, at(round));
                change(tx -> tx.restoreJobs().insert(job));
                assertThat(foundRestore(job.id())).contains(job);

                var later = job.claimed().in(state).at(new Progress(1, Long.MAX_VALUE, 3));
                change(tx -> tx.restoreJobs().update(later));
                assertThat(foundRestore(job.id())).contains(later);

                var back = later.in(new RestoreState.Pending(at(9)));
                change(tx -> tx.restoreJobs().update(back));
                assertThat(foundRestore(job.id())).contains(back);
            }
        }
    }

    @Test
    default void aRestoreJobIsFoundInItsScopeAlone() {
        var job = samples().restoreJob(POINT, at(0));
        change(tx -> tx.restoreJobs().insert(job));
        var elsewhere = catalog().read(view -> view.restoreJobs().find(ELSEWHERE, job.id()));
        assertThat(elsewhere).isEmpty();
    }

    @Test
    default void anIdIsNotGivenToTwoRestoreJobsAndOnlyOneThatIsThereIsUpdated() {
        var samples = samples();
        var job = samples.restoreJob(POINT, at(0));
        change(tx -> tx.restoreJobs().insert(job));
        assertThatThrownBy(() -> change(tx -> tx.restoreJobs().insert(job))).isInstanceOf(IllegalStateException.class);
        var missing = samples.restoreJob(POINT, at(0));
        assertThatThrownBy(() -> change(tx -> tx.restoreJobs().update(missing)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void everyCombinationOfConditionsListsTheRestoreJobsThatMeetThemNewestFirst() {
        var jobs = variedRestoreJobs();
        change(tx -> jobs.forEach(tx.restoreJobs()::insert));
        int conditions = 9;
        for (int number = 0; number < 1 << conditions; number++) {
            var filter = new Filter(
                    chosen(number, 0, "COMPLETED"),
                    chosen(number, 1, ResourceType.EFS),
                    chosen(number, 2, fileSystem(1)),
                    chosen(number, 3, at(4_000)),
                    chosen(number, 4, at(1_000)),
                    chosen(number, 5, at(402)),
                    chosen(number, 6, at(400)),
                    chosen(number, 7, at(-4)),
                    chosen(number, 8, at(-20)));
            var expected = jobs.stream()
                    .filter(job -> job.scope().equals(SCOPE) && meets(job, filter))
                    .sorted(newestFirst())
                    .toList();
            var page = catalog().read(view -> view.restoreJobs().list(SCOPE, filter, PageRequest.first(1_000)));
            assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
            if (Integer.bitCount(number) == 1) {
                assertThat(expected.size()).as("%s selects some", filter).isBetween(1, jobs.size() - 1);
            }
        }
    }

    @Test
    default void pagesShowEveryRestoreJobOnceWhileOthersAreAdded() {
        var samples = samples();
        var jobs = new ArrayList<RestoreJob>();
        for (int i = 0; i < 20; i++) {
            jobs.add(samples.restoreJob(POINT, at(i / 3 * 10L)));
        }
        change(tx -> jobs.forEach(tx.restoreJobs()::insert));

        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.restoreJobs().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    for (long moment : List.of(1_000L, 40L, 25L, -10L)) {
                        tx.restoreJobs().insert(samples.restoreJob(POINT, at(moment)));
                    }
                }));

        assertThat(shown).containsAll(jobs).doesNotHaveDuplicates().isSortedAccordingTo(newestFirst());
    }

    @Test
    default void restoresThatCouldBeClaimedAreDueOrLapsedOrOfAnEarlierStart() {
        var samples = samples();
        var now = at(1_000);
        var due = samples.restoreJob(POINT, at(3)).in(new RestoreState.Pending(now));
        var early = samples.restoreJob(POINT, at(4)).in(new RestoreState.Pending(at(1_001)));
        var lapsed = samples.restoreJob(POINT, at(2)).in(running("n2", "a", 1_000));
        var held = samples.restoreJob(POINT, at(1)).in(running("n2", "a", 1_001));
        var mineNow = samples.restoreJob(POINT, at(0)).in(running("n1", "now", 9_000));
        var mineBefore = samples.restoreJob(POINT, at(1)).in(running("n1", "before", 9_000));
        var ended = samples.restoreJob(POINT, at(0)).in(new RestoreState.Failed(at(9), "no"));
        change(tx ->
                List.of(due, early, lapsed, held, mineNow, mineBefore, ended).forEach(tx.restoreJobs()::insert));

        var claimable = catalog().read(view -> view.restoreJobs().claimable(now, "n1", "now", 10));
        assertThat(claimable).containsExactly(mineBefore, lapsed, due);
        var one = catalog().read(view -> view.restoreJobs().claimable(now, "n1", "now", 1));
        assertThat(one).containsExactly(mineBefore);
    }

    @Test
    default void oneOfTwoConcurrentRunnersClaimsARestoreJob() {
        var job = samples().restoreJob(POINT, at(0));
        change(tx -> tx.restoreJobs().insert(job));
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 2; i++) {
            var runner = new RunnerId("node-" + i, "1");
            tasks.add(() -> catalog().<Boolean>write(tx -> {
                var claimable = tx.restoreJobs().claimable(at(10), runner.node(), runner.start(), 1);
                for (var one : claimable) {
                    var lease = new Lease(runner, tx.backupJobs().nextEpoch(), at(1_000));
                    tx.restoreJobs().update(one.claimed().in(new RestoreState.Running(lease, at(10))));
                }
                return !claimable.isEmpty();
            }));
        }
        assertThat(CatalogUnderTest.together(tasks)).containsExactlyInAnyOrder(true, false);
        assertThat(foundRestore(job.id()).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    default void aLeaseOfARestoreHoldsAndIsRenewedUnderItsEpochAlone() {
        var job = samples().restoreJob(POINT, at(0)).in(new RestoreState.Running(lease(6, at(100)), at(1)));
        change(tx -> tx.restoreJobs().insert(job));
        var longer = lease(6, at(300));
        var progress = new Progress(10, 20, 5);
        var after = job.in(new RestoreState.Running(longer, at(1))).at(progress);

        assertThat(catalog().<Boolean>write(tx -> tx.restoreJobs().renew(job.id(), longer, progress)))
                .isTrue();
        assertThat(foundRestore(job.id())).contains(after);
        assertThat(catalog().<Boolean>write(tx -> tx.restoreJobs().leaseHolds(job.id(), longer)))
                .isTrue();

        var older = lease(5, at(900));
        assertThat(catalog().<Boolean>write(tx -> tx.restoreJobs().renew(job.id(), older, Progress.NONE)))
                .isFalse();
        assertThat(catalog().<Boolean>write(tx -> tx.restoreJobs().leaseHolds(job.id(), older)))
                .isFalse();
        assertThat(foundRestore(job.id())).contains(after);
    }

    @Test
    default void runningRestoresOfTheTypeAreHeldUntilTheirLeaseLapses() {
        var samples = samples();
        change(tx -> {
            tx.restoreJobs().insert(samples.restoreJob(POINT, at(0)).in(running("n", "1", 50)));
            tx.restoreJobs().insert(samples.restoreJob(POINT, at(0)).in(running("n", "1", 51)));
            tx.restoreJobs().insert(samples.restoreJob(POINT, at(0)));
        });
        assertThat(catalog().<Integer>read(view -> view.restoreJobs().held(ResourceType.EFS, at(49))))
                .isEqualTo(2);
        assertThat(catalog().<Integer>read(view -> view.restoreJobs().held(ResourceType.EFS, at(50))))
                .isEqualTo(1);
        assertThat(catalog().<Integer>read(view -> view.restoreJobs().held(ResourceType.EC2, at(49))))
                .isZero();
    }

    @Test
    default void aPointIsInUseWhileARestoreOfItHasNotEnded() {
        var samples = samples();
        assertThat(pointInUse()).isFalse();
        var job = samples.restoreJob(POINT, at(0));
        change(tx -> {
            tx.restoreJobs().insert(job.in(new RestoreState.Failed(at(1), "no")));
            tx.restoreJobs().insert(samples.restoreJob(Arn.ofRecoveryPoint(SCOPE, "point-2"), at(0)));
            tx.restoreJobs()
                    .insert(samples.restoreJob(ELSEWHERE, POINT, at(0), fileSystem(1), ResourceType.EFS, at(0)));
        });
        for (var state : samples.restoreStates()) {
            change(tx -> tx.restoreJobs().update(job.in(state)));
            assertThat(pointInUse()).as("%s", state).isEqualTo(!(state instanceof RestoreState.Ended));
            var open = catalog().read(view -> view.restoreJobs().open(SCOPE, job.sourceResource()));
            assertThat(open.stream().anyMatch(one -> one.id().equals(job.id())))
                    .as("%s", state)
                    .isEqualTo(!(state instanceof RestoreState.Ended));
            assertThat(open)
                    .allMatch(one -> one.sourceResource().equals(job.sourceResource())
                            && one.scope().equals(SCOPE));
        }
    }

    @Test
    default void openRestoreJobsAreCountedByStateAndEndedOnesDeleted() {
        var samples = samples();
        change(tx -> samples.restoreStates()
                .forEach(state ->
                        tx.restoreJobs().insert(samples.restoreJob(POINT, at(0)).in(state))));
        var counts = catalog().read(view -> view.restoreJobs().openByState());
        assertThat(counts).isEqualTo(Map.of("PENDING", 1L, "RUNNING", 1L));

        assertThat(catalog().<Integer>write(tx -> tx.restoreJobs().deleteEndedBefore(at(402), 10)))
                .isEqualTo(2);
        var left = catalog().read(view -> view.restoreJobs().list(SCOPE, Filter.none(), PageRequest.first(9)));
        assertThat(left.rows())
                .extracting(job -> job.state().wireName())
                .containsExactlyInAnyOrder("PENDING", "RUNNING", "FAILED");
    }

    private static RestoreState running(String node, String start, long untilMillis) {
        return new RestoreState.Running(new Lease(new RunnerId(node, start), 7, at(untilMillis)), at(5));
    }

    private boolean pointInUse() {
        return catalog().<Boolean>read(view -> view.restoreJobs().pointInUse(SCOPE, POINT));
    }

    private Optional<RestoreJob> foundRestore(JobId id) {
        return catalog().read(view -> view.restoreJobs().find(SCOPE, id));
    }

    private static Comparator<RestoreJob> newestFirst() {
        return Comparator.comparing(RestoreJob::createdAt)
                .thenComparing(job -> job.id().value())
                .reversed();
    }

    private List<RestoreJob> variedRestoreJobs() {
        var samples = samples();
        var jobs = new ArrayList<RestoreJob>();
        for (int i = 0; i < 10; i++) {
            for (var state : samples.restoreStates()) {
                int number = jobs.size();
                var scope = number % 11 == 0 ? ELSEWHERE : SCOPE;
                var type = i % 3 == 0 ? ResourceType.EFS : ResourceType.S3;
                jobs.add(samples.restoreJob(scope, POINT, at(-number), fileSystem(i / 3), type, at(number / 2 * 200L))
                        .in(state));
            }
        }
        return jobs;
    }

    private static boolean meets(RestoreJob job, Filter filter) {
        return filter.status().stream().allMatch(job.state().wireName()::equals)
                && filter.resourceType().stream().allMatch(type -> type == job.resourceType())
                && filter.sourceResource().stream().allMatch(job.sourceResource()::equals)
                && filter.createdBefore().stream().allMatch(job.createdAt()::isBefore)
                && filter.createdAfter().stream().allMatch(job.createdAt()::isAfter)
                && filter.completedBefore().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isBefore(moment)))
                && filter.completedAfter().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isAfter(moment)))
                && filter.pointCreatedBefore().stream().allMatch(job.recoveryPointCreatedAt()::isBefore)
                && filter.pointCreatedAfter().stream().allMatch(job.recoveryPointCreatedAt()::isAfter);
    }
}
