package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.destination;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static dev.coffer.testkit.catalog.CatalogSamples.lease;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.catalog.CopyJobRows.Filter;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the rows of copy jobs promise. */
public interface CopyJobContract extends CatalogUnderTest {
    /** The source of these tests. */
    Arn SOURCE = Arn.ofRecoveryPoint(SCOPE, "source-1");

    @Test
    default void everyFieldOfACopyJobComesBackInEveryState() {
        var samples = samples();
        for (int round = 0; round < 10; round++) {
            for (var state : samples.copyStates()) {
                var job = samples.copyJob(SOURCE, at(round));
                change(tx -> tx.copyJobs().insert(job));
                assertThat(foundCopy(job.id())).contains(job);

                var later = job.claimed().in(state).at(new Progress(1, Long.MAX_VALUE, 3));
                change(tx -> tx.copyJobs().update(later));
                assertThat(foundCopy(job.id())).contains(later);

                var back = later.in(new CopyState.Created(at(9), Optional.of("again")));
                change(tx -> tx.copyJobs().update(back));
                assertThat(foundCopy(job.id())).contains(back);
            }
        }
    }

    @Test
    default void aCopyJobIsFoundInTheScopeOfItsSourceAlone() {
        var job = samples().copyJob(SOURCE, at(0));
        change(tx -> tx.copyJobs().insert(job));
        var elsewhere = catalog().read(view -> view.copyJobs().find(ELSEWHERE, job.id()));
        assertThat(elsewhere).isEmpty();
    }

    @Test
    default void anIdIsNotGivenToTwoCopyJobsAndOnlyOneThatIsThereIsUpdated() {
        var samples = samples();
        var job = samples.copyJob(SOURCE, at(0));
        change(tx -> tx.copyJobs().insert(job));
        assertThatThrownBy(() -> change(tx -> tx.copyJobs().insert(job))).isInstanceOf(IllegalStateException.class);
        var missing = samples.copyJob(SOURCE, at(0));
        assertThatThrownBy(() -> change(tx -> tx.copyJobs().update(missing))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void everyCombinationOfConditionsListsTheCopyJobsThatMeetThemNewestFirst() {
        var jobs = variedCopyJobs();
        change(tx -> jobs.forEach(tx.copyJobs()::insert));
        int conditions = 10;
        for (int number = 0; number < 1 << conditions; number++) {
            var filter = new Filter(
                    chosen(number, 0, fileSystem(1)),
                    chosen(number, 1, SOURCE),
                    chosen(number, 2, destination(SCOPE, 1)),
                    chosen(number, 3, number % 2 == 0 ? "COMPLETED" : "CREATED"),
                    chosen(number, 4, ResourceType.EFS),
                    chosen(number, 5, MessageCategory.ACCESS_DENIED),
                    chosen(number, 6, at(4_000)),
                    chosen(number, 7, at(1_000)),
                    chosen(number, 8, at(402)),
                    chosen(number, 9, at(400)));
            var expected = jobs.stream()
                    .filter(job -> job.scope().equals(SCOPE) && meets(job, filter))
                    .sorted(newestFirst())
                    .toList();
            var page = catalog().read(view -> view.copyJobs().list(SCOPE, filter, PageRequest.first(1_000)));
            assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
            if (Integer.bitCount(number) == 1) {
                assertThat(expected.size()).as("%s selects some", filter).isBetween(1, jobs.size() - 1);
            }
        }
    }

    @Test
    default void pagesShowEveryCopyJobOnceWhileOthersAreAdded() {
        var samples = samples();
        var jobs = new ArrayList<CopyJob>();
        for (int i = 0; i < 20; i++) {
            jobs.add(samples.copyJob(SOURCE, at(i / 3 * 10L)));
        }
        change(tx -> jobs.forEach(tx.copyJobs()::insert));

        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.copyJobs().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    for (long moment : List.of(1_000L, 40L, 25L, -10L)) {
                        tx.copyJobs().insert(samples.copyJob(SOURCE, at(moment)));
                    }
                }));

        assertThat(shown).containsAll(jobs).doesNotHaveDuplicates().isSortedAccordingTo(newestFirst());
    }

    @Test
    default void copiesThatCouldBeClaimedAreDueOrLapsedOrOfAnEarlierStart() {
        var samples = samples();
        var now = at(1_000);
        var due = samples.copyJob(SOURCE, at(3)).in(new CopyState.Created(now, Optional.empty()));
        var early = samples.copyJob(SOURCE, at(4)).in(new CopyState.Created(at(1_001), Optional.empty()));
        var lapsed = samples.copyJob(SOURCE, at(2)).in(runningCopy("n2", "a", 1_000));
        var held = samples.copyJob(SOURCE, at(1)).in(runningCopy("n2", "a", 1_001));
        var mineNow = samples.copyJob(SOURCE, at(0)).in(runningCopy("n1", "now", 9_000));
        var mineBefore = samples.copyJob(SOURCE, at(1)).in(runningCopy("n1", "before", 9_000));
        var ended = samples.copyJob(SOURCE, at(0)).in(new CopyState.Failed(at(9), "no"));
        change(tx ->
                List.of(due, early, lapsed, held, mineNow, mineBefore, ended).forEach(tx.copyJobs()::insert));

        var claimable = catalog().read(view -> view.copyJobs().claimable(now, "n1", "now", 10));
        assertThat(claimable).containsExactly(mineBefore, lapsed, due);
        var one = catalog().read(view -> view.copyJobs().claimable(now, "n1", "now", 1));
        assertThat(one).containsExactly(mineBefore);
    }

    @Test
    default void oneOfTwoConcurrentRunnersClaimsACopyJob() {
        var job = samples().copyJob(SOURCE, at(0));
        change(tx -> tx.copyJobs().insert(job));
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 2; i++) {
            var runner = new RunnerId("node-" + i, "1");
            tasks.add(() -> catalog().<Boolean>write(tx -> {
                var claimable = tx.copyJobs().claimable(at(10), runner.node(), runner.start(), 1);
                for (var one : claimable) {
                    var lease = new Lease(runner, tx.backupJobs().nextEpoch(), at(1_000));
                    tx.copyJobs().update(one.claimed().in(new CopyState.Running(lease, at(10))));
                }
                return !claimable.isEmpty();
            }));
        }
        assertThat(CatalogUnderTest.together(tasks)).containsExactlyInAnyOrder(true, false);
        assertThat(foundCopy(job.id()).orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    default void aLeaseOfACopyHoldsAndIsRenewedUnderItsEpochAlone() {
        var job = samples().copyJob(SOURCE, at(0)).in(new CopyState.Running(lease(6, at(100)), at(1)));
        change(tx -> tx.copyJobs().insert(job));
        var longer = lease(6, at(300));
        var progress = new Progress(10, 20, 5);
        var after = job.in(new CopyState.Running(longer, at(1))).at(progress);

        assertThat(catalog().<Boolean>write(tx -> tx.copyJobs().renew(job.id(), longer, progress)))
                .isTrue();
        assertThat(foundCopy(job.id())).contains(after);
        assertThat(catalog().<Boolean>write(tx -> tx.copyJobs().leaseHolds(job.id(), longer)))
                .isTrue();

        var older = lease(5, at(900));
        assertThat(catalog().<Boolean>write(tx -> tx.copyJobs().renew(job.id(), older, Progress.NONE)))
                .isFalse();
        assertThat(catalog().<Boolean>write(tx -> tx.copyJobs().leaseHolds(job.id(), older)))
                .isFalse();
        assertThat(foundCopy(job.id())).contains(after);
    }

    @Test
    default void aRunningCopyKeepsItsResourceBusyForOthers() {
        var samples = samples();
        var job = samples.copyJob(SCOPE, SOURCE, destination(ELSEWHERE, 1), fileSystem(1), ResourceType.EFS, at(0));
        var other = JobId.ofCopy(samples.uuid());
        change(tx -> tx.copyJobs().insert(job));
        for (var state : samples.copyStates()) {
            change(tx -> tx.copyJobs().update(job.in(state)));
            assertThat(resourceBusy(fileSystem(1), other))
                    .as("%s", state)
                    .isEqualTo(state instanceof CopyState.Running);
            assertThat(resourceBusy(fileSystem(1), job.id())).isFalse();
            assertThat(resourceBusy(fileSystem(2), other)).isFalse();
        }
    }

    @Test
    default void runningCopiesIntoARegionAreHeldUntilTheirLeaseLapses() {
        var samples = samples();
        change(tx -> {
            tx.copyJobs().insert(samples.copyJob(SOURCE, at(0)).in(runningCopy("n", "1", 50)));
            tx.copyJobs().insert(samples.copyJob(SOURCE, at(0)).in(runningCopy("n", "1", 51)));
            tx.copyJobs().insert(samples.copyJob(SOURCE, at(0)));
        });
        assertThat(heldInto("eu-west-1", 49)).isEqualTo(2);
        assertThat(heldInto("eu-west-1", 50)).isEqualTo(1);
        assertThat(heldInto("us-east-1", 49)).isZero();
    }

    @Test
    default void aPointIsInUseWhileACopyOfItHasNotEnded() {
        var samples = samples();
        assertThat(isCopied(VaultName.DEFAULT)).isFalse();
        var job = samples.copyJob(SOURCE, at(0));
        change(tx -> {
            tx.copyJobs().insert(job.in(new CopyState.Failed(at(1), "no")));
            tx.copyJobs().insert(samples.copyJob(Arn.ofRecoveryPoint(SCOPE, "source-2"), at(0)));
            tx.copyJobs()
                    .insert(samples.copyJob(
                            ELSEWHERE, SOURCE, destination(SCOPE, 1), fileSystem(1), ResourceType.EFS, at(0)));
        });
        for (var state : samples.copyStates()) {
            change(tx -> tx.copyJobs().update(job.in(state)));
            assertThat(isCopied(VaultName.DEFAULT)).as("%s", state).isEqualTo(!(state instanceof CopyState.Ended));
            assertThat(isCopied(new VaultName("other"))).isFalse();
        }
    }

    @Test
    default void openCopyJobsAreCountedByStateAndEndedOnesDeleted() {
        var samples = samples();
        change(tx -> samples.copyStates()
                .forEach(state ->
                        tx.copyJobs().insert(samples.copyJob(SOURCE, at(0)).in(state))));
        var counts = catalog().read(view -> view.copyJobs().openByState());
        assertThat(counts).isEqualTo(Map.of("CREATED", 2L, "RUNNING", 1L));

        assertThat(catalog().<Integer>write(tx -> tx.copyJobs().deleteEndedBefore(at(402), 10)))
                .isEqualTo(1);
        var left = catalog().read(view -> view.copyJobs().list(SCOPE, Filter.none(), PageRequest.first(9)));
        assertThat(left.rows())
                .extracting(job -> job.state().wireName())
                .containsExactlyInAnyOrder("CREATED", "CREATED", "RUNNING", "FAILED");
    }

    private static CopyState runningCopy(String node, String start, long untilMillis) {
        return new CopyState.Running(new Lease(new RunnerId(node, start), 7, at(untilMillis)), at(5));
    }

    private boolean resourceBusy(Arn resource, JobId except) {
        return catalog().<Boolean>read(view -> view.copyJobs().resourceBusy(SCOPE, resource, except));
    }

    private int heldInto(String region, long nowMillis) {
        return catalog()
                .<Integer>read(view -> view.copyJobs().heldInto(SCOPE.account(), new Region(region), at(nowMillis)));
    }

    private boolean isCopied(VaultName vault) {
        return catalog().<Boolean>read(view -> view.copyJobs().pointInUse(SCOPE, vault, SOURCE));
    }

    private Optional<CopyJob> foundCopy(JobId id) {
        return catalog().read(view -> view.copyJobs().find(SCOPE, id));
    }

    private static Comparator<CopyJob> newestFirst() {
        return Comparator.comparing(CopyJob::createdAt)
                .thenComparing(job -> job.id().value())
                .reversed();
    }

    private List<CopyJob> variedCopyJobs() {
        var samples = samples();
        var jobs = new ArrayList<CopyJob>();
        for (int i = 0; i < 12; i++) {
            for (var state : samples.copyStates()) {
                int number = jobs.size();
                var scope = number % 11 == 0 ? ELSEWHERE : SCOPE;
                var destination = destination(number % 2 == 0 ? SCOPE : ELSEWHERE, number % 3 == 0 ? 1 : 2);
                var point = number % 4 == 0 ? SOURCE : Arn.ofRecoveryPoint(SCOPE, "source-2");
                var type = i % 3 == 0 ? ResourceType.EFS : ResourceType.S3;
                jobs.add(samples.copyJob(scope, point, destination, fileSystem(number % 5), type, at(number / 2 * 200L))
                        .in(state));
            }
        }
        return jobs;
    }

    private static boolean meets(CopyJob job, Filter filter) {
        return filter.resource().stream().allMatch(job.resource()::equals)
                && filter.recoveryPoint().stream().allMatch(job.recoveryPoint()::equals)
                && filter.destination().stream().allMatch(job.destination()::equals)
                && filter.state().stream().allMatch(job.state().wireName()::equals)
                && filter.resourceType().stream().allMatch(type -> type == job.resourceType())
                && filter.messageCategory().stream()
                        .allMatch(category -> category == MessageCategory.of(job.statusMessage()))
                && filter.createdBefore().stream().allMatch(job.createdAt()::isBefore)
                && filter.createdAfter().stream().allMatch(job.createdAt()::isAfter)
                && filter.completedBefore().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isBefore(moment)))
                && filter.completedAfter().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isAfter(moment)));
    }
}
