package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.lease;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.IndexJobRows.Filter;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Progress;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the rows of indexes promise. */
public interface IndexJobContract extends CatalogUnderTest {
    /** The points of these tests. */
    static Arn pointArn(int number) {
        return Arn.ofRecoveryPoint(SCOPE, "indexed-" + number);
    }

    private Optional<IndexJob> foundIndex(IndexJob index) {
        return catalog().read(view -> view.indexJobs().find(index.scope(), index.vault(), index.recoveryPoint()));
    }

    @Test
    default void everyFieldOfAnIndexComesBackInEveryState() {
        var samples = samples();
        int number = 0;
        for (var state : samples.indexStates()) {
            var index = samples.index(pointArn(number), at(number));
            number++;
            change(tx -> tx.indexJobs().insert(index));
            assertThat(foundIndex(index)).contains(index);

            var later = index.claimed().in(state);
            change(tx -> tx.indexJobs().update(later));
            assertThat(foundIndex(index)).contains(later);

            var back = later.rested().in(new IndexState.Waiting(at(9), Optional.of("again"), Optional.empty()));
            change(tx -> tx.indexJobs().update(back));
            assertThat(foundIndex(index)).contains(back);
        }
    }

    @Test
    default void aPointHasOneIndexInItsScopeAndVaultAlone() {
        var samples = samples();
        var index = samples.index(pointArn(1), at(0));
        change(tx -> tx.indexJobs().insert(index));
        assertThatThrownBy(() -> change(tx -> tx.indexJobs().insert(samples.index(pointArn(1), at(1)))))
                .isInstanceOf(IllegalStateException.class);
        var elsewhere = catalog().read(view -> view.indexJobs().find(ELSEWHERE, index.vault(), index.recoveryPoint()));
        var otherVault =
                catalog().read(view -> view.indexJobs().find(SCOPE, new VaultName("other"), index.recoveryPoint()));
        assertThat(elsewhere).isEmpty();
        assertThat(otherVault).isEmpty();

        var point = samples.point("Default", Arn.ofBucket("samples"), at(0));
        var other = samples.point("other", Arn.ofBucket("samples"), at(0));
        var without = samples.point("other", Arn.ofBucket("samples"), at(0));
        var ofPoint = samples.index(SCOPE, point.vault(), point.arn(), point.resource(), ResourceType.S3, at(0));
        var ofOther = samples.index(SCOPE, other.vault(), other.arn(), other.resource(), ResourceType.S3, at(0));
        change(tx -> {
            tx.indexJobs().insert(ofPoint);
            tx.indexJobs().insert(ofOther);
        });
        var indexByPoint = catalog().read(view -> view.indexJobs().ofPoints(List.of(point, without, other)));
        assertThat(indexByPoint).containsOnly(Map.entry(point.arn(), ofPoint), Map.entry(other.arn(), ofOther));
        var none = catalog().read(view -> view.indexJobs().ofPoints(List.of(without)));
        assertThat(none).isEmpty();

        change(tx -> tx.indexJobs().delete(index));
        change(tx -> tx.indexJobs().delete(index));
        assertThat(foundIndex(index)).isEmpty();
        assertThatThrownBy(() -> change(tx -> tx.indexJobs().update(index))).isInstanceOf(IllegalStateException.class);
    }

    private List<IndexJob> variedIndexes() {
        var samples = samples();
        var indexes = new ArrayList<IndexJob>();
        var states = samples.indexStates();
        for (int i = 0; i < 96; i++) {
            var scope = i % 7 == 0 ? ELSEWHERE : SCOPE;
            var resource = Arn.ofBucket("bucket-" + i % 3);
            var type = i % 5 < 2 ? ResourceType.EBS : ResourceType.S3;
            indexes.add(
                    samples.index(scope, new VaultName("vault-" + i % 2), pointArn(i), resource, type, at(i / 2 * 100L))
                            .in(states.get(i / 4 % states.size())));
        }
        return indexes;
    }

    private static boolean meets(IndexJob index, Filter filter) {
        return filter.resource().map(index.resource()::equals).orElse(true)
                && filter.resourceType().map(index.resourceType()::equals).orElse(true)
                && filter.status().map(index.state().wireName()::equals).orElse(true)
                && filter.createdBefore().map(index.pointCreatedAt()::isBefore).orElse(true)
                && filter.createdAfter().map(index.pointCreatedAt()::isAfter).orElse(true);
    }

    private static Comparator<IndexJob> newestPointFirst() {
        return Comparator.comparing(IndexJob::pointCreatedAt)
                .thenComparing(index -> index.recoveryPoint().toString())
                .thenComparing(index -> index.vault().value())
                .reversed();
    }

    @Test
    default void everyCombinationOfConditionsListsTheIndexesThatMeetThemOfTheNewestPointsFirst() {
        var indexes = variedIndexes();
        change(tx -> indexes.forEach(tx.indexJobs()::insert));
        for (var status : List.of("PENDING", "ACTIVE", "FAILED", "DELETING")) {
            for (int number = 0; number < 1 << 5; number++) {
                var filter = new Filter(
                        chosen(number, 0, Arn.ofBucket("bucket-1")),
                        chosen(number, 1, ResourceType.S3),
                        chosen(number, 2, status),
                        chosen(number, 3, at(3_500)),
                        chosen(number, 4, at(400)));
                var expected = indexes.stream()
                        .filter(index -> index.scope().equals(SCOPE) && meets(index, filter))
                        .sorted(newestPointFirst())
                        .toList();
                var page = catalog().read(view -> view.indexJobs().list(SCOPE, filter, PageRequest.first(1_000)));
                assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
                if (Integer.bitCount(number) == 1) {
                    assertThat(expected.size()).as("%s selects some", filter).isBetween(1, indexes.size() - 1);
                }
            }
        }
    }

    @Test
    default void pagesShowEveryIndexOnceWhileOthersAreAdded() {
        var samples = samples();
        var indexes = new ArrayList<IndexJob>();
        for (int i = 0; i < 20; i++) {
            indexes.add(samples.index(pointArn(i), at(i / 3 * 10L)));
        }
        change(tx -> indexes.forEach(tx.indexJobs()::insert));
        var added = new ArrayList<IndexJob>();
        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.indexJobs().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    for (long moment : List.of(1_000L, 40L, -10L)) {
                        var another = samples.index(pointArn(100 + added.size()), at(moment));
                        added.add(another);
                        tx.indexJobs().insert(another);
                    }
                }));
        assertThat(shown).doesNotHaveDuplicates().containsAll(indexes);
    }

    @Test
    default void whatWaitsUntilNowAndWhatNobodyHoldsAnyMoreCanBeClaimed() {
        var samples = samples();
        var walk = new IndexState.Walk(at(1), 3, new SessionId("s"));
        var ready = samples.index(pointArn(1), at(0)).in(waiting(at(100), Optional.empty()));
        var again = samples.index(pointArn(2), at(1)).in(waiting(at(100), Optional.of(walk)));
        var later = samples.index(pointArn(3), at(2)).in(waiting(at(101), Optional.empty()));
        var held = samples.index(pointArn(4), at(3))
                .in(new IndexState.Running(lease(1, at(101)), at(0), Optional.empty()));
        var lapsed = samples.index(pointArn(5), at(4))
                .in(new IndexState.Running(lease(2, at(100)), at(0), Optional.empty()));
        var active = samples.index(pointArn(6), at(5)).in(new IndexState.Active(walk));
        var failed = samples.index(pointArn(7), at(6)).in(new IndexState.Failed(at(6), "no"));
        var deleting = samples.index(pointArn(8), at(7)).in(new IndexState.Deleting(at(7)));
        var all = List.of(ready, again, later, held, lapsed, active, failed, deleting);
        change(tx -> all.forEach(tx.indexJobs()::insert));

        assertThat(claimable(at(100), "node-1", "start-2")).containsExactly(ready, again, lapsed);
        assertThat(claimable(at(100), "node-2", "start-1")).containsExactly(ready, again, lapsed);
        assertThat(claimable(at(100), "node-1", "start-3")).containsExactly(ready, again, held, lapsed);
        assertThat(catalog().<List<IndexJob>>read(view -> view.indexJobs().deleting(10)))
                .containsExactly(deleting);
        assertThat(catalog().<Map<String, Long>>read(view -> view.indexJobs().openByState()))
                .isEqualTo(Map.of("PENDING", 2L, "RUNNING", 2L));
    }

    private static IndexState waiting(Instant notBefore, Optional<IndexState.Walk> walked) {
        return new IndexState.Waiting(notBefore, Optional.empty(), walked);
    }

    private List<IndexJob> claimable(Instant now, String node, String start) {
        return catalog().read(view -> view.indexJobs().claimable(now, node, start, 100));
    }

    @Test
    default void aLeaseHoldsUntilTheIndexIsClaimedAgainOrEnds() {
        var index = samples().index(pointArn(1), at(0));
        var lease = lease(5, at(100));
        change(tx -> {
            tx.indexJobs().insert(index);
            tx.indexJobs().update(index.in(new IndexState.Running(lease, at(1), Optional.empty())));
        });
        var longer = lease.renewedUntil(at(900));
        assertThat(catalog().<Boolean>write(tx -> tx.indexJobs().renew(index.id(), longer, Progress.NONE)))
                .isTrue();
        assertThat(foundIndex(index).orElseThrow().state())
                .isEqualTo(new IndexState.Running(longer, at(1), Optional.empty()));
        assertThat(catalog().<Boolean>write(tx -> tx.indexJobs().renew(index.id(), lease(4, at(1)), Progress.NONE)))
                .isFalse();
        assertThat(catalog().<Boolean>write(tx -> tx.indexJobs().leaseHolds(index.id(), lease)))
                .isTrue();
        change(tx -> tx.indexJobs().update(index.in(new IndexState.Deleting(at(2)))));
        assertThat(catalog().<Boolean>write(tx -> tx.indexJobs().renew(index.id(), longer, Progress.NONE)))
                .isFalse();
        assertThat(catalog().<Boolean>write(tx -> tx.indexJobs().leaseHolds(index.id(), lease)))
                .isFalse();
    }

    @Test
    default void whichBackupsMakeIndexedPointsIsNotedUntilItIsSettled() {
        var job = new JobId("a");
        change(tx -> tx.indexJobs().want(job));
        change(tx -> tx.indexJobs().want(job));
        assertThat(catalog().<Boolean>read(view -> view.indexJobs().isWanted(job)))
                .isTrue();
        assertThat(catalog().<Boolean>read(view -> view.indexJobs().isWanted(new JobId("b"))))
                .isFalse();
        change(tx -> tx.indexJobs().settle(job));
        change(tx -> tx.indexJobs().settle(job));
        assertThat(catalog().<Boolean>read(view -> view.indexJobs().isWanted(job)))
                .isFalse();
    }
}
