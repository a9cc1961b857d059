package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.clock.Heartbeat;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the rows of locks, legal holds and the vault clock promise, and the look-ups of expiry. */
public interface ProtectionContract extends CatalogUnderTest {
    @Test
    default void everyLockComesBackIsReplacedAndGoes() {
        var vault = samples().vault("locked", at(0));
        var bounds = new RetentionBounds(OptionalLong.of(7), OptionalLong.of(365));
        change(tx -> tx.vaults().insert(vault));
        for (var lock : List.<VaultLock>of(
                new VaultLock.None(),
                new VaultLock.Governance(VaultLock.UNBOUNDED),
                new VaultLock.Compliance(bounds, at(77)),
                new VaultLock.Governance(bounds),
                new VaultLock.None())) {
            change(tx -> tx.locks().put(vault, lock));
            assertThat(catalog().<VaultLock>read(view -> view.locks().of(vault)))
                    .isEqualTo(lock);
            assertThat(catalog().<VaultLock>read(view -> view.locks().of(SCOPE, vault.name())))
                    .isEqualTo(lock);
            assertThat(catalog().<VaultLock>read(view -> view.locks().of(ELSEWHERE, vault.name())))
                    .isEqualTo(new VaultLock.None());
        }
    }

    @Test
    default void everyLineOfTheClockComesBackTheNewestFirst() {
        var seal = new HeartbeatSeal(new byte[32]);
        var lines = new ArrayList<Heartbeat>();
        for (var reason : Suspicion.Reason.values()) {
            var clock = new VaultClock(
                    at(1),
                    at(2),
                    at(3),
                    Duration.ofMillis(4),
                    Duration.ofMillis(5),
                    Optional.of(new Suspicion(reason, at(6))));
            var last = lines.isEmpty() ? Optional.<Heartbeat>empty() : Optional.of(lines.getLast());
            lines.add(seal.next(last, "boot", 1L << 60, clock, Optional.of("said")));
        }
        lines.add(seal.next(Optional.of(lines.getLast()), "other", -1, VaultClock.begun(at(7)), Optional.empty()));
        change(tx -> lines.forEach(tx.clock()::append));
        assertThat(catalog().<Optional<Heartbeat>>read(view -> view.clock().last()))
                .contains(lines.getLast());
        assertThat(catalog().<List<Heartbeat>>read(view -> view.clock().newest(100)))
                .isEqualTo(lines.reversed());
        assertThat(seal.holds(lines)).isTrue();
        change(tx -> tx.clock().deleteBefore(lines.getLast().sequence()));
        assertThat(catalog().<List<Heartbeat>>read(view -> view.clock().newest(100)))
                .containsExactly(lines.getLast());
    }

    @Test
    default void everyFieldOfALegalHoldComesBackInEveryState() {
        var why = new HoldState.Cancellation(at(5), "settled", at(900));
        for (var state : List.of(
                new HoldState.Creating(Optional.empty()),
                new HoldState.Creating(Optional.of("place")),
                new HoldState.Active(),
                new HoldState.Canceling(why),
                new HoldState.Canceled(why))) {
            var hold = hold("1", at(0)).in(state);
            change(tx -> tx.legalHolds().put(hold));
            assertThat(catalog()
                            .<Optional<LegalHold>>read(view -> view.legalHolds().find(SCOPE, hold.id())))
                    .contains(hold);
            assertThat(catalog()
                            .<Optional<LegalHold>>read(view -> view.legalHolds().find(ELSEWHERE, hold.id())))
                    .isEmpty();
            assertThat(catalog().<Long>read(view -> view.legalHolds().countInForce(SCOPE)))
                    .isEqualTo(hold.isInForce() ? 1 : 0);
            assertThat(catalog().read(view -> view.legalHolds().unsettled(9)).contains(hold))
                    .isEqualTo(state instanceof HoldState.Creating || state instanceof HoldState.Canceling);
            assertThat(catalog()
                            .<List<LegalHold>>read(view -> view.legalHolds().recordsUntil(at(900), 9))
                            .contains(hold))
                    .isEqualTo(state instanceof HoldState.Canceled);
            assertThat(catalog().<List<LegalHold>>read(view -> view.legalHolds().recordsUntil(at(899), 9)))
                    .isEmpty();
        }
        change(tx -> tx.legalHolds().delete(hold("1", at(0))));
        assertThat(catalog().<Optional<LegalHold>>read(view -> view.legalHolds().find(SCOPE, new HoldId("1"))))
                .isEmpty();
    }

    @Test
    default void holdsAreListedTheNewestFirstOnceWhileOthersAreAdded() {
        var holds = new ArrayList<LegalHold>();
        for (int i = 0; i < 9; i++) {
            holds.add(hold("h" + i, at(i / 2 * 10L)));
        }
        change(tx -> holds.forEach(tx.legalHolds()::put));
        var shown = CatalogUnderTest.pages(
                2,
                page -> catalog().read(view -> view.legalHolds().list(SCOPE, page)),
                () -> change(tx -> tx.legalHolds().put(hold("later", at(1_000)))));
        assertThat(shown).containsExactlyElementsOf(holds.reversed());
        assertThat(catalog()
                        .read(view -> view.legalHolds().list(ELSEWHERE, PageRequest.first(9)))
                        .rows())
                .isEmpty();
    }

    @Test
    default void aPointIsHeldByAnyOfItsHoldsAndListedByEach() {
        var samples = samples();
        var first = hold("1", at(0)).in(new HoldState.Active());
        var second = hold("2", at(0)).in(new HoldState.Active());
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 7; i++) {
            points.add(samples.point("one", fileSystem(i), at(i)));
        }
        change(tx -> {
            tx.legalHolds().put(first);
            tx.legalHolds().put(second);
            points.forEach(tx.recoveryPoints()::put);
            for (int repeat = 0; repeat < 2; repeat++) {
                points.forEach(point -> tx.legalHolds().hold(first, point));
                tx.legalHolds().hold(second, points.getFirst());
            }
        });
        assertThat(CatalogUnderTest.pages(
                        3, page -> catalog().read(view -> view.legalHolds().pointsOf(first, page)), () -> {}))
                .containsExactlyInAnyOrderElementsOf(points);
        assertThat(catalog().<Integer>write(tx -> tx.legalHolds().release(first, 5)))
                .isEqualTo(5);
        assertThat(catalog().<Integer>write(tx -> tx.legalHolds().release(first, 5)))
                .isEqualTo(2);
        assertThat(isHeld(points.getFirst())).isTrue();
        assertThat(points.stream().skip(1)).noneMatch(this::isHeld);
        assertThat(catalog().<Integer>write(tx -> tx.legalHolds().release(second, 5)))
                .isEqualTo(1);
        assertThat(isHeld(points.getFirst())).isFalse();
    }

    @Test
    default void aHoldThatIsStillCollectingHoldsAllThatItTakes() {
        var taken = samples().point("one", fileSystem(1), at(0));
        var later = samples().point("one", fileSystem(1), at(11));
        change(tx -> {
            tx.recoveryPoints().put(taken);
            tx.legalHolds().put(hold("1", at(10)));
        });
        assertThat(isHeld(taken)).isTrue();
        assertThat(isHeld(later)).isFalse();
        assertThat(isHeld(taken.withStatus(RecoveryPointStatus.CREATING))).isFalse();
        change(tx -> tx.legalHolds().put(hold("1", at(10)).in(new HoldState.Active())));
        assertThat(isHeld(taken)).isFalse();
    }

    @Test
    default void dueArePointsWhoseRetentionIsOverAndThatNobodyHoldsTheLongestDueFirst() {
        var samples = samples();
        var expected = new ArrayList<RecoveryPoint>();
        var now = at(0).plus(Duration.ofDays(10));
        change(tx -> {
            for (int i = 0; i < 12; i++) {
                for (var status : RecoveryPointStatus.values()) {
                    var scope = i % 2 == 0 ? SCOPE : ELSEWHERE;
                    var point = kept(samples, scope, status, at(i), OptionalLong.of(10 - i % 3));
                    tx.recoveryPoints().put(point);
                    boolean ends = !point.expiresAt().orElseThrow().isAfter(now);
                    if (ends && (status == RecoveryPointStatus.COMPLETED || status == RecoveryPointStatus.EXPIRED)) {
                        expected.add(point);
                    }
                }
            }
            tx.recoveryPoints().put(kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.empty()));
            var held = kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.of(1));
            tx.recoveryPoints().put(held);
            tx.legalHolds().hold(hold("1", at(0)), held);
        });
        var shown = new ArrayList<RecoveryPoint>();
        Optional<RecoveryPoint> last = Optional.empty();
        List<RecoveryPoint> some;
        do {
            var after = last;
            some = catalog().read(view -> view.recoveryPoints().due(now, after, 5));
            shown.addAll(some);
            last = some.isEmpty() ? Optional.empty() : Optional.of(some.getLast());
        } while (some.size() == 5);
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(expected)
                .isSortedAccordingTo(java.util.Comparator.comparing(
                        point -> point.expiresAt().orElseThrow()));
        assertThat(shown).hasSizeGreaterThan(5);
    }

    @Test
    default void whatTheStorageWasToldAndWhyAPointIsInItsStatusSurviveAChangeOfThePoint() {
        var samples = samples();
        var finite = kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.of(5));
        var endless = kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.empty());
        change(tx -> {
            tx.recoveryPoints().put(finite);
            tx.recoveryPoints().put(endless);
            tx.recoveryPoints().put(kept(samples, SCOPE, RecoveryPointStatus.CREATING, at(0), OptionalLong.empty()));
        });
        assertThat(unretained(at(50))).containsExactlyInAnyOrder(finite, endless);
        assertThat(catalog()
                        .<Optional<String>>read(view -> view.recoveryPoints().statusMessage(finite)))
                .isEmpty();
        change(tx -> {
            tx.recoveryPoints().retained(finite, at(10));
            tx.recoveryPoints().retained(endless, at(100));
            tx.recoveryPoints().explain(finite, "because");
            tx.recoveryPoints().put(finite.restoredAt(at(9)));
        });
        assertThat(unretained(at(50))).isEmpty();
        assertThat(unretained(at(101))).containsExactly(endless);
        assertThat(catalog()
                        .<Optional<String>>read(view -> view.recoveryPoints().statusMessage(finite)))
                .contains("because");
    }

    @Test
    default void dueForColdStorageAreCompletedWarmPointsOfTypesThatHaveItAndThatNobodyHolds() {
        var samples = samples();
        var expected = new ArrayList<RecoveryPoint>();
        var now = at(0).plus(Duration.ofDays(10));
        change(tx -> {
            for (int i = 0; i < 12; i++) {
                for (var status : RecoveryPointStatus.values()) {
                    var scope = i % 2 == 0 ? SCOPE : ELSEWHERE;
                    var point = cooling(kept(samples, scope, status, at(i), OptionalLong.empty()), 10 - i % 3, false);
                    tx.recoveryPoints().put(point);
                    if (status == RecoveryPointStatus.COMPLETED
                            && !point.coldAt().orElseThrow().isAfter(now)) {
                        expected.add(point);
                    }
                }
            }
            var done =
                    cooling(kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.empty()), 1, false);
            tx.recoveryPoints().put(done.movedToCold());
            var bucket =
                    samples.point(SCOPE, "one", fileSystem(1), ResourceType.S3, RecoveryPointStatus.COMPLETED, at(0));
            tx.recoveryPoints().put(cooling(bucket, 1, false));
            var volume =
                    samples.point(SCOPE, "one", fileSystem(1), ResourceType.EBS, RecoveryPointStatus.COMPLETED, at(0));
            tx.recoveryPoints().put(cooling(volume, 1, false));
            var archived =
                    samples.point(SCOPE, "one", fileSystem(1), ResourceType.EBS, RecoveryPointStatus.COMPLETED, at(0));
            tx.recoveryPoints().put(cooling(archived, 1, true));
            expected.add(cooling(archived, 1, true));
            var held =
                    cooling(kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.empty()), 1, false);
            tx.recoveryPoints().put(held);
            tx.legalHolds().hold(hold("1", at(0)), held);
        });
        var shown = new ArrayList<RecoveryPoint>();
        Optional<RecoveryPoint> last = Optional.empty();
        List<RecoveryPoint> some;
        do {
            var after = last;
            some = catalog().read(view -> view.recoveryPoints().dueForCold(now, after, 5));
            shown.addAll(some);
            last = some.isEmpty() ? Optional.empty() : Optional.of(some.getLast());
        } while (some.size() == 5);
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(expected)
                .isSortedAccordingTo(
                        java.util.Comparator.comparing(point -> point.coldAt().orElseThrow()));
        assertThat(shown).hasSizeGreaterThan(5);
    }

    @Test
    default void aPointInColdStorageIsOneWhenItIsReadAgainAndItsStorageIsToldAnew() {
        var samples = samples();
        var point = cooling(kept(samples, SCOPE, RecoveryPointStatus.COMPLETED, at(0), OptionalLong.empty()), 1, false);
        change(tx -> {
            tx.recoveryPoints().put(point);
            tx.recoveryPoints().retained(point, at(100));
        });
        assertThat(unretained(at(50))).isEmpty();
        change(tx -> {
            tx.recoveryPoints().put(point.movedToCold());
            tx.recoveryPoints().retainAgain(point);
        });
        var cold = catalog().read(view -> view.recoveryPoints().find(SCOPE, point.vault(), point.arn()));
        assertThat(cold).contains(point.movedToCold());
        assertThat(cold.orElseThrow().storage()).isEqualTo(StorageClass.COLD);
        assertThat(unretained(at(50))).containsExactly(point.movedToCold());
    }

    private static RecoveryPoint cooling(RecoveryPoint point, long days, boolean archive) {
        return point.withLifecycle(new Lifecycle(OptionalLong.of(days), OptionalLong.empty(), Optional.of(archive)));
    }

    private List<RecoveryPoint> unretained(Instant beyond) {
        return catalog().read(view -> view.recoveryPoints().unretained(SCOPE, new VaultName("one"), beyond, 9));
    }

    private boolean isHeld(RecoveryPoint point) {
        return catalog().<Boolean>read(view -> view.legalHolds().holds(point));
    }

    private static RecoveryPoint kept(
            CatalogSamples samples, Scope scope, RecoveryPointStatus status, Instant createdAt, OptionalLong days) {
        return samples.point(scope, "one", fileSystem(1), ResourceType.EFS, status, createdAt)
                .withLifecycle(new Lifecycle(OptionalLong.empty(), days, Optional.empty()));
    }

    private static LegalHold hold(String id, Instant createdAt) {
        return new LegalHold(
                SCOPE,
                new HoldId(id),
                "case " + id,
                "why",
                new HoldSelection(
                        List.of("one", "two"),
                        List.of("EFS"),
                        Optional.of(new HoldSelection.DateRange(at(-1_000), at(10_000)))),
                createdAt,
                new HoldState.Creating(Optional.empty()));
    }
}
