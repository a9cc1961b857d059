package dev.coffer.engine.recoverypoint;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.clock.TimeWitnesses;
import dev.coffer.testkit.catalog.CatalogSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExpiryTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private static List<RecoveryPointStatus> told(EngineBench bench, RecoveryPoint point) {
        return bench.events().stream()
                .filter(event -> event.resources().contains(point.arn()))
                .map(event -> RecoveryPointStatus.valueOf(
                        String.valueOf(event.detail().get("status"))))
                .toList();
    }

    @Test
    void ofADailySeriesThatIsKeptForThirtyDaysThirtyPointsRemain() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var made = new ArrayList<RecoveryPoint>();
            for (int day = 0; day < 40; day++) {
                bench.clock.set(START.plus(DAY.multipliedBy(day)));
                bench.trusted.tick();
                bench.expire();
                made.add(bench.keptFor(bench.point(vault, "fs-1", bench.clock.instant()), OptionalLong.of(30)));
                for (int hour = 11; hour < 24; hour += 11) {
                    bench.clock.advance(Duration.ofHours(11));
                    bench.trusted.tick();
                    bench.expire();
                }
                assertThat(remaining(bench, made)).isEqualTo(made.subList(Math.max(0, day - 29), day + 1));
            }
            assertThat(remaining(bench, made)).hasSize(30);
            assertThat(bench.catalog.<Long>read(view -> view.recoveryPoints().countIn(vault.scope(), vault.name())))
                    .isEqualTo(30L);
            for (var point : made) {
                assertThat(bench.isStored(point)).isEqualTo(bench.stored(point).isPresent());
            }
        }
    }

    private static List<RecoveryPoint> remaining(EngineBench bench, List<RecoveryPoint> made) {
        return made.stream().filter(point -> bench.stored(point).isPresent()).toList();
    }

    @Test
    void manyDuePointsGoInOneLookAndHeldAndReadOnesStay() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var points = new ArrayList<RecoveryPoint>();
            for (int i = 0; i < 230; i++) {
                points.add(bench.keptFor(bench.point(vault, "fs-1", START.plusSeconds(i)), OptionalLong.of(1)));
            }
            var held = points.get(3);
            var read = points.get(120);
            var hold = new dev.coffer.core.legalhold.LegalHold(
                    vault.scope(),
                    new dev.coffer.core.legalhold.HoldId("h"),
                    "t",
                    "d",
                    dev.coffer.core.legalhold.HoldSelection.ALL,
                    START,
                    new dev.coffer.core.legalhold.HoldState.Active());
            var restore = new CatalogSamples(new Random(1))
                    .restoreJob(vault.scope(), read.arn(), START, read.resource(), ResourceType.EFS, START);
            bench.write(tx -> {
                tx.legalHolds().put(hold);
                tx.legalHolds().hold(hold, held);
                tx.restoreJobs().insert(restore);
            });
            bench.clock.advance(DAY.multipliedBy(2));
            bench.expire();
            assertThat(remaining(bench, points)).containsExactly(held, read);
            assertThat(told(bench, points.getFirst())).containsExactly(RecoveryPointStatus.DELETING);

            bench.write(tx -> tx.legalHolds().release(hold, 9));
            bench.expire();
            assertThat(remaining(bench, points))
                    .as("due at once after the release")
                    .containsExactly(read);
        }
    }

    @Test
    void aPointWhoseRoleCannotBeAssumedIsExpiredUntilItCan() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(1));
            bench.clock.advance(DAY.multipliedBy(2));
            bench.expire();
            bench.expire();
            var shown = bench.points.describe(ADMIN, "prod", point.arn().toString(), Optional.empty());
            assertThat(shown.point().status()).isEqualTo(RecoveryPointStatus.EXPIRED);
            assertThat(shown.statusMessage()).contains("IAM Role " + ROLE + " cannot be assumed by AWS Backup");
            assertThat(told(bench, point)).as("told once").containsExactly(RecoveryPointStatus.EXPIRED);
            assertThat(bench.isStored(point)).isTrue();

            bench.trustRole();
            bench.expire();
            assertThat(bench.stored(point)).isEmpty();
            assertThat(bench.isStored(point)).isFalse();
        }
    }

    @Test
    void anExpiredPointCanBeDeletedByHand() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(1));
            bench.clock.advance(DAY.multipliedBy(2));
            bench.expire();
            bench.points.delete(ADMIN, "prod", point.arn().toString());
            bench.deletion.tick();
            assertThat(bench.stored(point)).isEmpty();
        }
    }

    @Test
    void aPointThatItsStorageKeepsIsExpiredUntilTheStorageLetsGo() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            var point = bench.keptFor(bench.point(vault, "fs-1", START), OptionalLong.of(1));
            var other = bench.keptFor(bench.point(vault, "fs-1", START.plusSeconds(1)), OptionalLong.of(1));
            bench.repositories
                    .open(vault.scope(), vault.name(), vault.id())
                    .retain(new SessionId(point.sessionId()), START.plus(DAY.multipliedBy(5)));
            bench.clock.advance(DAY.multipliedBy(2));
            for (int repeat = 0; repeat < 3; repeat++) {
                bench.expire();
            }
            assertThat(bench.stored(other)).as("keeps no other waiting").isEmpty();
            assertThat(bench.stored(point).orElseThrow().status()).isEqualTo(RecoveryPointStatus.EXPIRED);
            assertThat(bench.catalog
                            .read(view -> view.recoveryPoints().statusMessage(point))
                            .orElseThrow())
                    .contains("will be tried again", "is retained");
            assertThat(told(bench, point)).containsExactly(RecoveryPointStatus.DELETING, RecoveryPointStatus.EXPIRED);
            bench.clock.advance(DAY.multipliedBy(4));
            bench.expire();
            assertThat(bench.stored(point)).isEmpty();
        }
    }

    /** The end of the process. */
    private static final class Died extends Error {
        Died() {
            super("the process ends here", null, false, false);
        }
    }

    private static final class MortalCatalog implements Catalog {
        private final Catalog catalog;
        private final int lastStep;
        private int steps;

        MortalCatalog(Catalog catalog, int lastStep) {
            this.catalog = catalog;
            this.lastStep = lastStep;
        }

        private void step() {
            steps++;
            if (steps >= lastStep) {
                throw new Died();
            }
        }

        @Override
        public <T> T read(Function<View, T> body) {
            return catalog.read(body);
        }

        @Override
        public <T> T write(Function<Transaction, T> body) {
            step();
            var result = catalog.write(body);
            step();
            return result;
        }

        @Override
        public void close() {}
    }

    @Test
    void aCrashBeforeOrAfterAnyTransactionLosesNothingAndTheNextProcessEndsIt() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var vault = bench.vault("prod");
            int step = 0;
            boolean died = true;
            while (died) {
                step++;
                var due = new ArrayList<RecoveryPoint>();
                for (int i = 0; i < 3; i++) {
                    due.add(bench.keptFor(bench.point(vault, "fs-1", bench.clock.instant()), OptionalLong.of(1)));
                }
                var stays = bench.keptFor(bench.point(vault, "fs-2", bench.clock.instant()), OptionalLong.of(3));
                bench.clock.advance(DAY.multipliedBy(2));
                died = dies(bench, step);
                assertThat(bench.isStored(stays)).isTrue();
                bench.expire();
                assertThat(remaining(bench, due)).isEmpty();
                for (var point : due) {
                    assertThat(bench.isStored(point)).isFalse();
                }
                assertThat(bench.stored(stays)).contains(stays);
                bench.clock.advance(DAY.multipliedBy(2));
                bench.expire();
                assertThat(bench.stored(stays)).isEmpty();
            }
            assertThat(step).as("steps").isGreaterThan(8);
        }
    }

    /** Runs expiry in a process that dies at the step; whether it got that far. */
    private static boolean dies(EngineBench bench, int step) throws InterruptedException {
        var mortal = new MortalCatalog(bench.catalog, step);
        var deletion = new PointDeletion(mortal, bench.repositories, bench.protections, bench.keeper);
        try (var marked = new DeletionLoop(mortal, deletion, DAY);
                var expiry = new ExpiryLoop(mortal, bench.trusted, deletion, marked, bench.clock, bench.ids, DAY)) {
            expiry.tick();
            marked.tick();
            return false;
        } catch (Died died) {
            return true;
        }
    }

    @Test
    void aPointThatWasForgottenBeforeALockCameLeavesNoRow() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var point = bench.point(vault, "fs-1", START);
            bench.points.delete(ADMIN, "prod", point.arn().toString());
            bench.repositories.open(vault.scope(), vault.name(), vault.id()).forget(new SessionId(point.sessionId()));
            bench.locks.put(ADMIN, "prod", Optional.empty(), Optional.empty(), Optional.empty());
            bench.deletion.tick();
            assertThat(bench.stored(point)).isEmpty();
        }
    }

    @Test
    void whatNeverBecameAPointGoesFromALockedVaultToo() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var vault = bench.vault("prod");
            var point = bench.point(vault, "fs-1", START, RecoveryPointStatus.CREATING);
            bench.locks.put(ADMIN, "prod", Optional.empty(), Optional.empty(), Optional.empty());
            bench.setClockBy(DAY.multipliedBy(9));
            bench.write(tx -> tx.recoveryPoints().put(point.withStatus(RecoveryPointStatus.DELETING)));
            PointDeletion.ofUnfinished(bench.catalog, bench.repositories).finish(point);
            assertThat(bench.stored(point)).isEmpty();
        }
    }

    @Test
    void aRunnerDeletesNoFinishedPoint() throws Exception {
        try (var bench = new EngineBench(folder)) {
            var point = bench.point(bench.vault("prod"), "fs-1", START, RecoveryPointStatus.DELETING);
            assertThat(PointDeletion.ofUnfinished(bench.catalog, bench.repositories)
                            .finish(point))
                    .isPresent();
            assertThat(bench.isStored(point)).isTrue();
        }
    }

    @Test
    void aRestartWithTheHostsClockSetForwardsExpiresNothing() throws Exception {
        try (var bench = new EngineBench(folder)) {
            bench.trustRole();
            var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(30));
            bench.setClockBy(DAY.multipliedBy(9_000));
            var trusted = bench.process(bench.catalog, TimeWitnesses.NONE);
            var deletion = new PointDeletion(bench.catalog, bench.repositories, new Protections(trusted), bench.keeper);
            try (var marked = new DeletionLoop(bench.catalog, deletion, DAY);
                    var expiry =
                            new ExpiryLoop(bench.catalog, trusted, deletion, marked, bench.clock, bench.ids, DAY)) {
                expiry.tick();
                marked.tick();
                assertThat(bench.stored(point)).contains(point);
                trusted.acknowledge("the clock is right, says one who set it");
                expiry.tick();
                assertThat(bench.stored(point))
                        .as("an acknowledgement alone frees nothing")
                        .contains(point);
            }
            assertThat(new HashSet<>(told(bench, point))).isEmpty();
        }
    }
}
