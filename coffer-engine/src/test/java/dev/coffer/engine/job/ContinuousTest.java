package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.job.FollowWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.continuous.Window;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContinuousTest {
    private FollowWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new FollowWorld(folder);
        world.engine.vault("Default");
        world.engine.vault("other");
        world.connector.change("a", Optional.of("first"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Instant now() {
        return world.engine.clock.instant();
    }

    private void later(long seconds) {
        world.engine.clock.advance(Duration.ofSeconds(seconds));
    }

    /** A point that has followed some changes. */
    private Instant followed() throws InterruptedException {
        world.plan("plan", rule("pitr", "Default", 7, true));
        world.runPlans();
        var base = now();
        for (int i = 0; i < 5; i++) {
            later(7);
            world.connector.change("n" + i, Optional.of("made " + i));
            later(13);
            world.connector.change("a", i % 2 == 0 ? Optional.empty() : Optional.of("again " + i));
            later(40);
            world.followNow();
        }
        return base;
    }

    @Test
    void theFirstRunMakesTheBaseAndEverySecondFromItOnCanBeRestored() throws InterruptedException {
        var base = followed();

        assertThat(world.points()).singleElement().satisfies(point -> {
            assertThat(point.status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
            assertThat(point.arn().toString()).matches("arn:aws:backup:.*:recovery-point:data-[0-9a-f]{8}");
        });
        assertThat(world.jobs()).singleElement().satisfies(job -> {
            assertThat(job.state().wireName()).isEqualTo("COMPLETED");
            assertThat(job.recoveryPoint()).isEqualTo(world.point().arn());
        });
        assertThat(world.history().windows(Instant.EPOCH)).containsExactly(new Window(base, now()));
        for (var moment = base; !moment.isAfter(now()); moment = moment.plusSeconds(17)) {
            assertThat(world.restored(moment)).as("%s", moment).isEqualTo(world.connector.asOf(moment));
        }
        assertThat(world.restored(now())).isEqualTo(world.connector.asOf(now()));
    }

    @Test
    void aRoundWithoutChangesWritesNothingAndMovesTheWindow() throws InterruptedException {
        followed();
        int manifests = world.manifests().size();
        world.follow();
        world.follow();

        assertThat(world.manifests()).hasSize(manifests);
        assertThat(world.history().reached()).contains(now());
        assertThat(world.restored(now())).isEqualTo(world.connector.asOf(now()));
    }

    @Test
    void aMomentOutsideOfTheWindowIsRefusedWithTheWindow() throws InterruptedException {
        var base = followed();
        for (var moment : List.of(base.minusSeconds(1), now().plusSeconds(1))) {
            assertThatThrownBy(() -> world.startRestore(moment))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("can be restored to every second of: " + base + " to " + now());
        }
        assertThatThrownBy(() -> world.restores.start(
                        ADMIN,
                        new StartRestore(
                                world.point().arn().toString(),
                                Map.of("target", "x"),
                                Optional.of(ROLE.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                false)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE));
        assertThat(world.engine
                        .points
                        .describe(ADMIN, "Default", world.point().arn().toString(), Optional.empty())
                        .statusMessage())
                .contains("Every second can be restored from " + base + " to " + now() + ".");
    }

    @Test
    void laterRunsSyncTheSamePointAndAreQuick() throws InterruptedException {
        followed();
        world.connector.change("late", Optional.of("x"));
        var jobs = world.runPlans();

        assertThat(jobs).singleElement().satisfies(job -> {
            assertThat(job.state().wireName()).isEqualTo("COMPLETED");
            assertThat(job.recoveryPoint()).isEqualTo(world.point().arn());
            assertThat(job.statusMessage()).isEmpty();
            assertThat(job.progress().doneBytes())
                    .as("the size of what is kept")
                    .isPositive()
                    .isEqualTo(world.point().logicalBytes());
        });
        assertThat(world.points()).hasSize(1);
        assertThat(world.history().reached()).contains(now());
        assertThat(world.restored(now())).containsKey("late");
    }

    @Test
    void aLostStretchIsAGapThatIsShownAndNotRestored() throws InterruptedException {
        var base = followed();
        var end = now();
        later(30);
        world.connector.change("lost", Optional.of("1"));
        world.connector.loseLog();
        later(30);
        world.followNow();
        var again = now();
        world.follow();

        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.history().windows(Instant.EPOCH))
                .containsExactly(new Window(base, end), new Window(again, now()));
        assertThatThrownBy(() -> world.startRestore(end.plusSeconds(31)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(base + " to " + end + ", and " + again + " to " + now());
        assertThat(world.restored(end)).isEqualTo(world.connector.asOf(end));
        assertThat(world.restored(again)).isEqualTo(world.connector.asOf(again));
    }

    @Test
    void aPassingFaultLeavesThePointAvailableAndNothingIsMissedAfterIt() throws InterruptedException {
        var base = followed();
        world.connector.fault.set(Optional.of(
                new SourceException.Unavailable("The endpoint does not answer.", new IllegalStateException())));
        later(1);
        world.connector.change("meanwhile", Optional.of("1"));
        var moment = now();
        world.follow();
        var failing = now();
        world.follow();
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.series().standing())
                .isEqualTo(new Standing.Followed(Optional.of("The endpoint does not answer."), Optional.of(failing)));
        world.connector.fault.set(Optional.empty());
        later(120);
        world.followNow();

        assertThat(world.series().standing()).isEqualTo(new Standing.Followed(Optional.empty()));
        assertThat(world.history().windows(Instant.EPOCH)).containsExactly(new Window(base, now()));
        assertThat(world.restored(moment)).containsKey("meanwhile");
    }

    private List<String> notices() {
        var statuses = new ArrayList<String>();
        world.engine.catalog.read(view -> view.outbox().after(0, 10_000)).forEach(entry -> {
            if (entry.event().detailType().equals("Recovery Point State Change")) {
                statuses.add(String.valueOf(entry.event().detail().get("status")));
            }
        });
        return statuses;
    }

    @Test
    void aResourceThatCannotBeFollowedStopsThePointWhichTheNextRunTakesUpWithAGap() throws InterruptedException {
        var base = followed();
        var end = now();
        world.connector.fault.set(Optional.of(new SourceException.Impossible("Versioning is suspended.")));
        world.follow();
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(notices()).last().isEqualTo("STOPPED");
        assertThat(world.restored(end)).isEqualTo(world.connector.asOf(end));
        world.follow();
        assertThat(world.history().reached()).contains(end);

        assertThat(world.runPlans())
                .singleElement()
                .satisfies(job -> assertThat(job.statusMessage()).contains("Versioning is suspended."));
        world.connector.fault.set(Optional.empty());
        assertThat(world.runPlans())
                .singleElement()
                .satisfies(job -> assertThat(job.state().wireName()).isEqualTo("COMPLETED"));
        assertThat(world.points()).hasSize(1);
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.history().windows(Instant.EPOCH))
                .containsExactly(new Window(base, end), new Window(now(), now()));
        assertThat(notices()).last().isEqualTo("AVAILABLE");
    }

    @Test
    void aResourceThatCannotBeFollowedAtAllGetsASnapshotThatSaysWhy() throws InterruptedException {
        world.connector.fault.set(Optional.of(new SourceException.Impossible("Versioning is off.")));
        world.plan("plan", rule("pitr", "Default", 7, true));

        assertThat(world.runPlans()).singleElement().satisfies(job -> {
            assertThat(job.state().wireName()).isEqualTo("COMPLETED");
            assertThat(job.statusMessage())
                    .contains("Enabling continuous backup failed, because of the following error: Versioning is off.");
        });
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.COMPLETED);
    }

    @Test
    void whatTheRuleAndTheSelectionNoLongerWantIsStopped() throws InterruptedException {
        followed();
        world.upkeep.tick();
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        var plan = world.plans
                .list(ADMIN, false, dev.coffer.core.catalog.PageRequest.first(10))
                .rows()
                .getFirst();
        var selection = world.selections
                .list(ADMIN, plan.id().value(), dev.coffer.core.catalog.PageRequest.first(10))
                .rows()
                .getFirst();
        world.selections.delete(ADMIN, plan.id().value(), selection.id());
        world.upkeep.tick();

        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(world.series().standing().message().orElseThrow()).contains("does not select");
    }

    @Test
    void aRoleThatIsGoneStopsThePoint() throws InterruptedException {
        followed();
        world.engine.write(tx -> tx.principals().delete(ROLE));
        world.follow();

        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(world.series().standing().message())
                .contains("IAM Role " + ROLE + " cannot be assumed by AWS Backup");
    }

    @Test
    void anotherRetentionEndsThePointAndANewOneGoesOn() throws InterruptedException {
        followed();
        var old = world.point();
        var plan = world.plans
                .list(ADMIN, false, dev.coffer.core.catalog.PageRequest.first(10))
                .rows()
                .getFirst();
        world.plans.update(
                ADMIN,
                plan.id().value(),
                new dev.coffer.engine.plan.PlanRequest(
                        "plan", List.of(rule("pitr", "Default", 9, true)), List.of(), List.of()));
        world.runPlans();

        assertThat(world.points()).hasSize(2);
        assertThat(world.points().stream().filter(point -> point.arn().equals(old.arn())))
                .singleElement()
                .satisfies(point -> assertThat(point.status()).isEqualTo(RecoveryPointStatus.STOPPED));
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
        assertThat(world.point().lifecycle().deleteAfterDays()).hasValue(9);
    }

    @Test
    void snapshotRulesBesideItMakeSnapshotsAndAnotherVaultIsRefused() throws InterruptedException {
        followed();
        world.plan("snapshots", rule("hourly", "Default", 3, false));
        world.plan("elsewhere", rule("hourly", "other", 3, true));
        world.plan("second", rule("hourly", "Default", 3, true));
        var jobs = world.runPlans();

        assertThat(jobs).hasSize(4);
        assertThat(jobs)
                .filteredOn(job -> job.vault().value().equals("other"))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.state().wireName()).isEqualTo("FAILED");
                    assertThat(job.statusMessage())
                            .contains("Bucket data already has continuous backup enabled for another vault Backup job"
                                    + " failed.");
                });
        assertThat(jobs)
                .filteredOn(job -> job.createdBy().orElseThrow().planName().equals("second"))
                .singleElement()
                .satisfies(job -> assertThat(job.statusMessage().orElseThrow())
                        .startsWith("Enabling continuous backup failed, because of the following error: PITR already"
                                + " configured in backup plan: [arn:aws:backup:"));
        assertThat(world.points())
                .filteredOn(point -> point.status() == RecoveryPointStatus.COMPLETED)
                .hasSize(2);
        assertThat(world.points())
                .filteredOn(point -> point.status() == RecoveryPointStatus.AVAILABLE)
                .hasSize(1);
    }

    @Test
    void aDisassociatedPointKeepsWhatItHasAndTheNextRunBeginsAnother() throws InterruptedException {
        followed();
        var end = now();
        var arn = world.point().arn();
        world.engine.points.disassociate(ADMIN, "Default", arn.toString());
        world.engine.points.disassociate(ADMIN, "Default", arn.toString());
        world.follow();

        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(world.history().reached()).contains(end);
        assertThat(world.restored(end)).isEqualTo(world.connector.asOf(end));
        world.runPlans();
        assertThat(world.points()).hasSize(2);
    }

    @Test
    void aDeletedPointTakesAllItsMarksAlong() throws InterruptedException {
        followed();
        assertThat(world.manifests()).hasSizeGreaterThan(4);
        world.engine.points.delete(ADMIN, "Default", world.point().arn().toString());
        world.follow();
        world.engine.deletion.tick();

        assertThat(world.points()).isEmpty();
        assertThat(world.manifests()).isEmpty();
        assertThat(world.engine.catalog.<Integer>read(
                        view -> view.continuous().all(Optional.empty(), 10).size()))
                .isZero();
        world.runPlans();
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.AVAILABLE);
    }

    @Test
    void theLifecycleOfAContinuousPointCannotBeChanged() throws InterruptedException {
        followed();
        assertThatThrownBy(() -> world.engine.points.updateLifecycle(
                        ADMIN,
                        "Default",
                        world.point().arn().toString(),
                        Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(30L)))))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("is a continuous backup");
    }

    @Test
    void marksGoWhenNoMomentNeedsThemAndAStoppedPointGoesWithItsLastMoment() throws InterruptedException {
        followed();
        for (int day = 0; day < 9; day++) {
            later(1);
            world.connector.change("day", Optional.of("" + day));
            world.engine.clock.advance(Duration.ofDays(1));
            world.followNow();
            world.upkeep.tick();
        }
        var windows = world.history().windows(now().minus(Duration.ofDays(7)));
        assertThat(windows).containsExactly(new Window(now().minus(Duration.ofDays(7)), now()));
        assertThat(world.manifests()).hasSameSizeAs(world.history().marks()).hasSizeLessThan(12);
        for (var moment = windows.getFirst().earliest(); !moment.isAfter(now()); moment = moment.plusSeconds(40_000)) {
            assertThat(world.restored(moment)).isEqualTo(world.connector.asOf(moment));
        }
        world.engine.points.disassociate(ADMIN, "Default", world.point().arn().toString());
        world.engine.clock.advance(Duration.ofDays(6));
        world.upkeep.tick();
        assertThat(world.point().status()).isEqualTo(RecoveryPointStatus.STOPPED);
        assertThat(world.manifests()).isNotEmpty();
        world.engine.clock.advance(Duration.ofDays(1));
        world.upkeep.tick();
        world.engine.deletion.tick();
        assertThat(world.points()).isEmpty();
        assertThat(world.manifests()).isEmpty();
    }
}
