package dev.coffer.engine.recoverypoint;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.legalhold.CreateHold;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ColdLoopTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private static RecoveryPoint cooling(EngineBench bench, Vault vault, Instant at, long cold, OptionalLong delete)
            throws InterruptedException {
        var point = bench.point(vault, "fs-1", at)
                .withLifecycle(new Lifecycle(OptionalLong.of(cold), delete, Optional.empty()));
        bench.write(tx -> tx.recoveryPoints().put(point));
        return point;
    }

    private static StorageClass storage(EngineBench bench, RecoveryPoint point) {
        return bench.stored(point).orElseThrow().storage();
    }

    private static List<SessionId> coldIn(EngineBench bench, Vault vault) throws InterruptedException {
        return bench.repositories.open(vault.scope(), vault.name(), vault.id()).cold();
    }

    private static List<String> told(EngineBench bench, RecoveryPoint point) {
        return bench.events().stream()
                .filter(event -> event.resources().contains(point.arn()))
                .map(event -> event.detailType() + " " + event.detail().get("status") + " "
                        + event.detail().get("storageClass"))
                .toList();
    }

    @Test
    void ofADailySeriesThoseOlderThanThirtyDaysAreColdAndThoseOlderThanAHundredAndTwentyGone() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var made = new ArrayList<RecoveryPoint>();
            for (int day = 0; day < 130; day++) {
                bench.clock.set(START.plus(DAY.multipliedBy(day)));
                bench.trusted.tick();
                bench.expire();
                made.add(cooling(bench, vault, bench.clock.instant(), 30, OptionalLong.of(120)));
                bench.clock.advance(Duration.ofHours(12));
                bench.trusted.tick();
                bench.cold.tick();
                bench.expire();
                for (int i = 0; i < made.size(); i++) {
                    int age = day - i;
                    var point = bench.stored(made.get(i));
                    assertThat(point.isPresent()).isEqualTo(age < 120);
                    point.ifPresent(found -> assertThat(found.storage())
                            .as("at %d days", age)
                            .isEqualTo(age >= 30 ? StorageClass.COLD : StorageClass.WARM));
                }
            }
            assertThat(coldIn(bench, vault)).hasSize(90);
            assertThat(told(bench, made.get(50))).containsExactly("Recovery Point State Change COMPLETED COLD");
        }
    }

    @Test
    void manyPointsOfSeveralVaultsMoveInOneLookAndOneVaultsTroubleIsNoOthers() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var lost = bench.vault("lost");
            var vault = bench.vault("prod");
            var points = new ArrayList<RecoveryPoint>();
            for (int i = 0; i < 150; i++) {
                points.add(cooling(bench, i % 2 == 0 ? vault : lost, START.plusSeconds(i), 1, OptionalLong.empty()));
            }
            for (var point : points) {
                if (point.vault().equals(lost.name())) {
                    bench.repositories
                            .open(lost.scope(), lost.name(), lost.id())
                            .forget(new SessionId(point.sessionId()));
                }
            }
            bench.repositories.destroy(lost.scope(), lost.name(), lost.id());
            bench.clock.advance(DAY.multipliedBy(2));
            bench.cold.tick();
            for (var point : points) {
                assertThat(storage(bench, point))
                        .isEqualTo(point.vault().equals(vault.name()) ? StorageClass.COLD : StorageClass.WARM);
            }
        }
    }

    @Test
    void aHoldDelaysTheMoveAndALockDoesNot() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var held = cooling(bench, bench.vault("held"), START, 1, OptionalLong.of(100));
            var hold = bench.holds.create(
                    ADMIN,
                    new CreateHold(
                            "case",
                            "why",
                            Optional.empty(),
                            List.of("held"),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            Map.of()));
            bench.holding.tick();
            var locked = cooling(bench, bench.vault("locked"), START, 1, OptionalLong.of(100));
            bench.locks.put(ADMIN, "locked", Optional.of(7L), Optional.of(365L), Optional.of(3L));
            bench.clock.advance(DAY.multipliedBy(4));
            bench.retention.tick();
            bench.cold.tick();
            assertThat(storage(bench, held)).isEqualTo(StorageClass.WARM);
            assertThat(storage(bench, locked)).isEqualTo(StorageClass.COLD);
            assertThat(bench.catalog.<List<RecoveryPoint>>read(view ->
                            view.recoveryPoints().unretained(locked.scope(), locked.vault(), bench.clock.instant(), 9)))
                    .as("the storage is told again")
                    .hasSize(1);
            bench.retention.tick();
            assertThatThrownBy(() ->
                            bench.points.delete(ADMIN, "locked", locked.arn().toString()))
                    .isInstanceOf(dev.coffer.core.problem.Refused.class);
            bench.holds.cancel(ADMIN, hold.id().value(), Optional.of("settled"), Optional.empty());
            bench.holding.tick();
            bench.cold.tick();
            assertThat(storage(bench, held)).isEqualTo(StorageClass.COLD);
        }
    }

    @Test
    void whileTheVaultClockIsSuspectOrTheHostsWasSetForwardNothingMoves() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = cooling(bench, bench.vault("prod"), START, 30, OptionalLong.of(200));
            bench.setClockBy(DAY.multipliedBy(60));
            bench.cold.tick();
            bench.trusted.tick();
            bench.cold.tick();
            assertThat(storage(bench, point)).isEqualTo(StorageClass.WARM);
        }
    }

    @Test
    void afterACrashBehindTheMoveTheNextLookNotesIt() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var point = cooling(bench, vault, START, 1, OptionalLong.empty());
            bench.clock.advance(DAY.multipliedBy(2));
            bench.repositories
                    .open(vault.scope(), vault.name(), vault.id())
                    .chill(List.of(new SessionId(point.sessionId())));
            assertThat(storage(bench, point)).isEqualTo(StorageClass.WARM);
            bench.cold.tick();
            bench.cold.tick();
            assertThat(storage(bench, point)).isEqualTo(StorageClass.COLD);
            assertThat(told(bench, point)).hasSize(1);
        }
    }

    @Test
    void aPointThatIsBeingDeletedIsLeftAlone() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = cooling(bench, bench.vault("prod"), START, 1, OptionalLong.empty());
            bench.write(tx -> tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.DELETING)));
            bench.clock.advance(DAY.multipliedBy(2));
            bench.cold.tick();
            assertThat(storage(bench, point)).isEqualTo(StorageClass.WARM);
        }
    }

    @Test
    void ofAColdPointOnlyTheRetentionChangesAndKeepsItsNinetyDays() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = cooling(bench, bench.vault("prod"), START, 10, OptionalLong.of(200));
            bench.clock.advance(DAY.multipliedBy(11));
            bench.cold.tick();
            assertThat(update(bench, point, Optional.of(10L), Optional.of(150L)).deleteAfterDays())
                    .hasValue(150);
            assertThat(update(bench, point, Optional.of(10L), Optional.of(-1L)).deleteAfterDays())
                    .isEmpty();
            for (var other : List.of(Optional.of(50L), Optional.<Long>empty(), Optional.of(-1L))) {
                var refused = refusal(() -> update(bench, point, other, Optional.of(300L)));
                assertThat(refused.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
                assertThat(refused.message()).contains("can no longer be changed. Send 10.");
            }
            assertThat(refusal(() -> update(bench, point, Optional.of(10L), Optional.of(99L)))
                            .message())
                    .contains("cannot be less than 90 days apart");
            assertThat(storage(bench, point)).isEqualTo(StorageClass.COLD);
        }
    }

    private static Lifecycle update(EngineBench bench, RecoveryPoint point, Optional<Long> cold, Optional<Long> delete)
            throws InterruptedException {
        return bench.points
                .updateLifecycle(
                        ADMIN, "prod", point.arn().toString(), Optional.of(LifecycleRequest.ofDays(cold, delete)))
                .point()
                .lifecycle();
    }
}
