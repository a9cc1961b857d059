package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static dev.coffer.testkit.catalog.CatalogSamples.lease;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.BackupJobRows.Filter;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What the rows of backup jobs promise. */
public interface BackupJobContract extends CatalogUnderTest {
    /** The order of lists. */
    Comparator<BackupJob> NEWEST_FIRST = Comparator.comparing(BackupJob::createdAt)
            .thenComparing(job -> job.id().value())
            .reversed();

    @Test
    default void everyFieldOfABackupJobComesBackInEveryState() {
        var samples = samples();
        for (int round = 0; round < 10; round++) {
            for (var state : samples.backupStates()) {
                var job = samples.backupJob(fileSystem(1), at(round));
                change(tx -> tx.backupJobs().insert(job));
                assertThat(found(job.id())).contains(job);

                var later = job.claimed().in(state).at(new Progress(1, Long.MAX_VALUE, 3));
                change(tx -> tx.backupJobs().update(later));
                assertThat(found(job.id())).contains(later);

                var back = later.in(new BackupState.Created(at(9), Optional.empty()));
                change(tx -> tx.backupJobs().update(back));
                assertThat(found(job.id())).contains(back);
            }
        }
    }

    @Test
    default void everyResourceTypeOfABackupJobComesBack() {
        var samples = samples();
        for (var type : ResourceType.values()) {
            var job = samples.backupJob(SCOPE, new VaultName("other"), fileSystem(1), type, at(0));
            change(tx -> tx.backupJobs().insert(job));
            assertThat(found(job.id())).contains(job);
        }
    }

    @Test
    default void aBackupJobIsFoundInItsScopeAlone() {
        var job = samples().backupJob(fileSystem(1), at(0));
        change(tx -> tx.backupJobs().insert(job));
        var elsewhere = catalog().read(view -> view.backupJobs().find(ELSEWHERE, job.id()));
        assertThat(elsewhere).isEmpty();
        var listed = catalog().read(view -> view.backupJobs().list(ELSEWHERE, Filter.none(), PageRequest.first(5)));
        assertThat(listed.rows()).isEmpty();
    }

    @Test
    default void anIdIsNotGivenToTwoBackupJobs() {
        var job = samples().backupJob(fileSystem(1), at(0));
        change(tx -> tx.backupJobs().insert(job));
        assertThatThrownBy(() -> change(tx -> tx.backupJobs().insert(job))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void onlyABackupJobThatIsThereIsUpdated() {
        var job = samples().backupJob(fileSystem(1), at(0));
        assertThatThrownBy(() -> change(tx -> tx.backupJobs().update(job))).isInstanceOf(IllegalStateException.class);
        assertThat(found(job.id())).isEmpty();
    }

    @Test
    default void everyCombinationOfConditionsListsTheBackupJobsThatMeetThemNewestFirst() {
        var jobs = variedBackupJobs();
        change(tx -> jobs.forEach(tx.backupJobs()::insert));
        int conditions = 9;
        for (int number = 0; number < 1 << conditions; number++) {
            var filter = new Filter(
                    chosen(number, 0, fileSystem(1)),
                    chosen(number, 1, "COMPLETED"),
                    chosen(number, 2, new VaultName("one")),
                    chosen(number, 3, ResourceType.EFS),
                    chosen(number, 4, at(4_000)),
                    chosen(number, 5, at(1_000)),
                    chosen(number, 6, at(401)),
                    chosen(number, 7, at(399)),
                    chosen(number, 8, MessageCategory.SUCCESS));
            var expected = jobs.stream()
                    .filter(job -> job.scope().equals(SCOPE) && meets(job, filter))
                    .sorted(NEWEST_FIRST)
                    .toList();
            var page = catalog().read(view -> view.backupJobs().list(SCOPE, filter, PageRequest.first(1_000)));
            assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
            assertThat(page.next()).isEmpty();
            if (Integer.bitCount(number) == 1) {
                assertThat(expected.size()).as("%s selects some", filter).isBetween(1, jobs.size() - 1);
            }
        }
    }

    @Test
    default void pagesShowEveryBackupJobOnceWhileOthersAreAdded() {
        var samples = samples();
        var jobs = new ArrayList<BackupJob>();
        for (int i = 0; i < 23; i++) {
            // Three of each moment, so that pages end among equals.
            jobs.add(samples.backupJob(fileSystem(i), at(i / 3 * 10L)));
        }
        change(tx -> jobs.forEach(tx.backupJobs()::insert));

        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.backupJobs().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    for (long moment : List.of(1_000L, 40L, 25L, -10L)) {
                        tx.backupJobs().insert(samples.backupJob(fileSystem(0), at(moment)));
                    }
                }));

        assertThat(shown).containsAll(jobs).doesNotHaveDuplicates().isSortedAccordingTo(NEWEST_FIRST);
    }

    @Test
    default void aMarkerOfAnotherListIsRefused() {
        var samples = samples();
        change(tx -> {
            tx.vaults().insert(samples.vault("one", at(0)));
            tx.vaults().insert(samples.vault("two", at(1)));
        });
        var vaults = catalog().read(view -> view.vaults().list(SCOPE, PageRequest.first(1)));
        for (var marker : List.of(vaults.next().orElseThrow(), "", "bm90LW91cnM", "%%%")) {
            var page = new PageRequest(5, Optional.of(marker));
            assertThatThrownBy(() -> catalog().read(view -> view.backupJobs().list(SCOPE, Filter.none(), page)))
                    .isInstanceOf(Refused.class);
        }
    }

    @Test
    default void whatCouldBeClaimedIsDueOrLapsedOrOfAnEarlierStartTheOldestFirst() {
        var samples = samples();
        var now = at(1_000);
        var due = samples.backupJob(fileSystem(1), at(3)).in(new BackupState.Created(now, Optional.of("busy")));
        var early = samples.backupJob(fileSystem(2), at(4)).in(new BackupState.Created(at(1_001), Optional.empty()));
        var lapsed = samples.backupJob(fileSystem(3), at(2)).in(new BackupState.Running(held("n2", "a", now), at(5)));
        var held = samples.backupJob(fileSystem(4), at(1)).in(new BackupState.Pending(held("n2", "a", at(1_001))));
        var mineNow = samples.backupJob(fileSystem(5), at(0)).in(new BackupState.Pending(held("n1", "now", at(9_000))));
        var mineBefore = samples.backupJob(ELSEWHERE, VaultName.DEFAULT, fileSystem(6), ResourceType.S3, at(1))
                .in(new BackupState.Aborting(held("n1", "before", at(9_000)), at(5)));
        var ended = samples.backupJob(fileSystem(7), at(0)).in(new BackupState.Completed(at(9), Optional.empty()));
        change(tx ->
                List.of(due, early, lapsed, held, mineNow, mineBefore, ended).forEach(tx.backupJobs()::insert));

        var claimable = catalog().read(view -> view.backupJobs().claimable(now, "n1", "now", 10));
        assertThat(claimable).containsExactly(mineBefore, lapsed, due);
        var two = catalog().read(view -> view.backupJobs().claimable(now, "n1", "now", 2));
        assertThat(two).containsExactly(mineBefore, lapsed);
    }

    @Test
    default void concurrentRunnersNeverClaimTheSameBackupJob() {
        var samples = samples();
        var jobs = new ArrayList<BackupJob>();
        for (int i = 0; i < 20; i++) {
            jobs.add(samples.backupJob(fileSystem(i), at(i)));
        }
        change(tx -> jobs.forEach(tx.backupJobs()::insert));

        var runners = new ArrayList<Callable<Map<JobId, Long>>>();
        for (int runner = 0; runner < 4; runner++) {
            var id = new RunnerId("node-" + runner, "1");
            runners.add(() -> {
                var epochByJob = new HashMap<JobId, Long>();
                for (var claimed = claim(id); claimed.isPresent(); claimed = claim(id)) {
                    epochByJob.put(claimed.get().id(), leaseOf(claimed.get()).epoch());
                }
                return epochByJob;
            });
        }
        var claims = CatalogUnderTest.together(runners);

        var claimedJobs = claims.stream().flatMap(map -> map.keySet().stream()).toList();
        assertThat(claimedJobs)
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(BackupJob::id).toList());
        var epochs = claims.stream().flatMap(map -> map.values().stream()).toList();
        assertThat(new HashSet<>(epochs)).hasSize(jobs.size());
        assertThat(catalog().<Long>write(tx -> tx.backupJobs().nextEpoch()))
                .isGreaterThan(epochs.stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    @Test
    default void epochsOnlyGrow() {
        var epochs = new ArrayList<Long>();
        for (int i = 0; i < 3; i++) {
            epochs.addAll(catalog()
                    .<List<Long>>write(tx ->
                            List.of(tx.backupJobs().nextEpoch(), tx.backupJobs().nextEpoch())));
        }
        assertThat(epochs).isSorted().doesNotHaveDuplicates();
        assertThat(epochs.getFirst()).isPositive();
    }

    @Test
    default void aLeaseHoldsUntilAnotherEpochHasTheBackupJob() {
        var job = samples().backupJob(fileSystem(1), at(0));
        var first = lease(5, at(100));
        var second = lease(6, at(200));
        change(tx -> tx.backupJobs().insert(job));
        assertThat(holds(job.id(), first)).isFalse();

        change(tx -> tx.backupJobs().update(job.in(new BackupState.Running(first, at(1)))));
        assertThat(holds(job.id(), first)).isTrue();
        assertThat(holds(job.id(), first.renewedUntil(at(150))))
                .as("the epoch decides")
                .isTrue();

        change(tx -> tx.backupJobs().update(job.in(new BackupState.Running(second, at(1)))));
        assertThat(holds(job.id(), first)).isFalse();
        assertThat(holds(job.id(), second)).isTrue();

        change(tx -> tx.backupJobs().update(job.in(new BackupState.Completed(at(2), Optional.empty()))));
        assertThat(holds(job.id(), second)).isFalse();
    }

    @Test
    default void renewingExtendsTheLeaseOfItsEpochAlone() {
        var job = samples().backupJob(fileSystem(1), at(0)).in(new BackupState.Running(lease(6, at(100)), at(1)));
        change(tx -> tx.backupJobs().insert(job));

        var longer = lease(6, at(300));
        var progress = new Progress(10, 20, 5);
        assertThat(renewed(job.id(), longer, progress)).isTrue();
        var after = job.in(new BackupState.Running(longer, at(1))).at(progress);
        assertThat(found(job.id())).contains(after);

        assertThat(renewed(job.id(), lease(5, at(900)), new Progress(1, 1, 1))).isFalse();
        assertThat(renewed(new JobId("missing"), longer, progress)).isFalse();
        assertThat(found(job.id())).contains(after);

        // Renewing keeps the state that a user has asked for meanwhile.
        var aborting = after.in(new BackupState.Aborting(longer, at(1)));
        change(tx -> tx.backupJobs().update(aborting));
        assertThat(renewed(job.id(), lease(6, at(400)), progress)).isTrue();
        assertThat(found(job.id())).contains(after.in(new BackupState.Aborting(lease(6, at(400)), at(1))));
    }

    @Test
    default void startWindowsAreOverForCreatedJobsAlone() {
        var samples = samples();
        var over = samples.backupJob(fileSystem(1), at(5));
        var olderElsewhere = samples.backupJob(ELSEWHERE, VaultName.DEFAULT, fileSystem(2), ResourceType.S3, at(4));
        var open = samples.backupJob(fileSystem(3), at(6));
        var running = samples.backupJob(fileSystem(4), at(0)).in(new BackupState.Running(lease(1, at(9)), at(1)));
        var ended = samples.backupJob(fileSystem(5), at(0)).in(new BackupState.Failed(at(9), "no"));
        change(tx -> List.of(over, olderElsewhere, open, running, ended).forEach(tx.backupJobs()::insert));

        var found = catalog().read(view -> view.backupJobs().startWindowOver(over.startBy(), 10));
        assertThat(found).containsExactly(olderElsewhere, over);
        var first = catalog().read(view -> view.backupJobs().startWindowOver(over.startBy(), 1));
        assertThat(first).containsExactly(olderElsewhere);
    }

    @Test
    default void aResourceIsBusyWhileAnotherJobOfItIsHeld() {
        var samples = samples();
        var asking = samples.backupJob(fileSystem(1), at(0));
        change(tx -> tx.backupJobs().insert(asking));
        assertThat(busy(asking)).isFalse();
        var other = samples.backupJob(fileSystem(1), at(1));
        change(tx -> {
            tx.backupJobs().insert(other);
            tx.backupJobs()
                    .insert(samples.backupJob(fileSystem(2), at(1)).in(new BackupState.Pending(lease(1, at(9)))));
            tx.backupJobs()
                    .insert(samples.backupJob(ELSEWHERE, VaultName.DEFAULT, fileSystem(1), ResourceType.EFS, at(1))
                            .in(new BackupState.Pending(lease(1, at(9)))));
        });
        for (var state : samples.backupStates()) {
            change(tx -> tx.backupJobs().update(other.in(state)));
            assertThat(busy(asking)).as("%s", state).isEqualTo(state instanceof BackupState.Held);
            assertThat(busy(other)).as("its own %s", state).isFalse();
        }
    }

    @Test
    default void heldCountsTheTypesLeasesThatHaveNotLapsed() {
        var samples = samples();
        change(tx -> {
            for (var state : List.<BackupState>of(
                    new BackupState.Pending(lease(1, at(50))),
                    new BackupState.Running(lease(2, at(51)), at(1)),
                    new BackupState.Aborting(lease(3, at(52)), at(1)),
                    new BackupState.Created(at(0), Optional.empty()),
                    new BackupState.Completed(at(90), Optional.empty()))) {
                tx.backupJobs().insert(samples.backupJob(fileSystem(1), at(0)).in(state));
            }
        });
        assertThat(heldAt(ResourceType.EFS, at(49))).isEqualTo(3);
        assertThat(heldAt(ResourceType.EFS, at(50))).isEqualTo(2);
        assertThat(heldAt(ResourceType.EFS, at(52))).isZero();
        assertThat(heldAt(ResourceType.S3, at(49))).isZero();
    }

    @Test
    default void openBackupJobsAreCountedByState() {
        var samples = samples();
        var empty = catalog().read(view -> view.backupJobs().openByState());
        assertThat(empty).isEmpty();
        change(tx -> samples.backupStates()
                .forEach(state -> tx.backupJobs()
                        .insert(samples.backupJob(fileSystem(1), at(0)).in(state))));
        var counts = catalog().read(view -> view.backupJobs().openByState());
        assertThat(counts).isEqualTo(Map.of("CREATED", 2L, "PENDING", 1L, "RUNNING", 1L, "ABORTING", 1L));
    }

    @Test
    default void onlyJobsThatEndedBeforeTheMomentAreDeleted() {
        var samples = samples();
        var open = samples.backupJob(fileSystem(1), at(0));
        var before = samples.backupJob(fileSystem(1), at(0)).in(new BackupState.Completed(at(99), Optional.empty()));
        var then = samples.backupJob(fileSystem(1), at(0)).in(new BackupState.Failed(at(100), "no"));
        change(tx -> List.of(open, before, then).forEach(tx.backupJobs()::insert));
        assertThat(catalog().<Integer>write(tx -> tx.backupJobs().deleteEndedBefore(at(100), 10)))
                .isEqualTo(1);
        assertThat(found(before.id())).isEmpty();
        assertThat(found(open.id())).contains(open);
        assertThat(found(then.id())).contains(then);
    }

    private Optional<BackupJob> claim(RunnerId runner) {
        return catalog()
                .write(tx -> tx.backupJobs().claimable(at(10_000), runner.node(), runner.start(), 1).stream()
                        .findFirst()
                        .map(job -> {
                            var lease = new Lease(runner, tx.backupJobs().nextEpoch(), at(1_000_000));
                            if (!(job.state() instanceof BackupState.Created created)) {
                                throw new AssertionError("claimable although " + job.state());
                            }
                            var claimed = job.claimed().in(created.claimedBy(lease));
                            tx.backupJobs().update(claimed);
                            return claimed;
                        }));
    }

    private static Lease leaseOf(BackupJob job) {
        if (job.state() instanceof BackupState.Held held) {
            return held.lease();
        }
        throw new AssertionError("not held: " + job.state());
    }

    private static Lease held(String node, String start, Instant until) {
        return new Lease(new RunnerId(node, start), 7, until);
    }

    private Optional<BackupJob> found(JobId id) {
        return catalog().read(view -> view.backupJobs().find(SCOPE, id));
    }

    private boolean holds(JobId id, Lease lease) {
        return catalog().<Boolean>write(tx -> tx.backupJobs().leaseHolds(id, lease));
    }

    private boolean renewed(JobId id, Lease lease, Progress progress) {
        return catalog().<Boolean>write(tx -> tx.backupJobs().renew(id, lease, progress));
    }

    private boolean busy(BackupJob asking) {
        return catalog().<Boolean>read(view -> view.backupJobs().resourceBusy(SCOPE, asking.resource(), asking.id()));
    }

    private int heldAt(ResourceType type, Instant now) {
        return catalog().<Integer>read(view -> view.backupJobs().held(type, now));
    }

    /** Jobs that differ in everything that a list can ask for. */
    private List<BackupJob> variedBackupJobs() {
        var samples = samples();
        var jobs = new ArrayList<BackupJob>();
        for (int i = 0; i < 6; i++) {
            for (var state : samples.backupStates()) {
                int number = jobs.size();
                var scope = number % 11 == 0 ? ELSEWHERE : SCOPE;
                var vault = new VaultName(i % 2 == 0 ? "one" : "two");
                var type = i % 3 == 0 ? ResourceType.EFS : ResourceType.S3;
                jobs.add(samples.backupJob(scope, vault, fileSystem(i / 2), type, at(number / 2 * 200L))
                        .in(state));
            }
        }
        return jobs;
    }

    private static boolean meets(BackupJob job, Filter filter) {
        return filter.resource().stream().allMatch(job.resource()::equals)
                && filter.state().stream().allMatch(job.state().wireName()::equals)
                && filter.vault().stream().allMatch(job.vault()::equals)
                && filter.resourceType().stream().allMatch(type -> type == job.resourceType())
                && filter.createdBefore().stream().allMatch(job.createdAt()::isBefore)
                && filter.createdAfter().stream().allMatch(job.createdAt()::isAfter)
                && filter.completedBefore().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isBefore(moment)))
                && filter.completedAfter().stream()
                        .allMatch(moment -> job.completedAt().stream().anyMatch(at -> at.isAfter(moment)))
                && filter.messageCategory().stream()
                        .allMatch(category -> category == MessageCategory.of(job.statusMessage()));
    }
}
