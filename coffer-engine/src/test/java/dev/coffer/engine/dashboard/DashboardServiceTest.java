package dev.coffer.engine.dashboard;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.access.AccessBench.allow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.Progress;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Readiness;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.AccessBench;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.PlansInForce;
import dev.coffer.engine.plan.RuleRequest;
import dev.coffer.engine.selection.CoverageService;
import dev.coffer.engine.selection.LiveSelector;
import dev.coffer.engine.source.Inventory;
import dev.coffer.testkit.catalog.PlanSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DashboardServiceTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final AccessBench access;
    private final EngineBench bench;
    private final DashboardService dashboards;

    DashboardServiceTest(@TempDir Path folder) throws InterruptedException {
        access = new AccessBench(folder);
        bench = access.engine;
        var source = new Source(
                ResourceType.EFS, ADMIN.scope(), Arn.ofFileSystem(ADMIN.scope(), "fs-9"), "new", Map.of(), Map.of());
        var inventory = new Inventory(List.of(source), bench.catalog, List.of(), Map.of());
        dashboards = new DashboardService(
                bench.catalog,
                bench.gate,
                bench.clock,
                bench.trusted,
                new CoverageService(
                        bench.catalog,
                        new LiveSelector(bench.catalog, inventory),
                        bench.gate,
                        new PlansInForce(bench.catalog)));
    }

    @AfterEach
    void close() {
        access.close();
    }

    private void protect(RecoveryPoint newest) {
        bench.write(tx -> tx.resources()
                .putProtected(
                        newest.scope(),
                        new ProtectedResource(
                                newest.resource(),
                                newest.resourceType(),
                                newest.resourceName(),
                                newest.createdAt(),
                                Arn.ofVault(newest.scope(), newest.vault().value()),
                                newest.arn(),
                                Optional.empty())));
    }

    private BackupJob job(Instant createdAt, BackupState state) {
        return new BackupJob(
                JobId.ofBackup(bench.ids.get()),
                ADMIN.scope(),
                VaultName.DEFAULT,
                Arn.ofFileSystem(ADMIN.scope(), "fs-1"),
                ResourceType.EFS,
                "home",
                EngineBench.ROLE,
                Arn.ofRecoveryPoint(ADMIN.scope(), bench.ids.get().toString()),
                dev.coffer.core.lifecycle.Lifecycle.NONE,
                Map.of(),
                Tags.NONE,
                Optional.empty(),
                createdAt,
                createdAt.plus(DAY),
                createdAt.plus(DAY),
                Optional.empty(),
                0,
                Progress.NONE,
                state);
    }

    @Test
    void itTellsWhatCanBeRestoredAndWhatIsOldAndWhatIsUnprotected() throws Exception {
        var vault = bench.vault("prod");
        bench.point(vault, "fs-1", START.minus(DAY.multipliedBy(3)));
        protect(bench.point(vault, "fs-1", START.minus(Duration.ofHours(1))));
        protect(bench.point(vault, "fs-2", START.minus(DAY.multipliedBy(2))));
        var shown = dashboards.of(ADMIN);
        assertThat(shown.readiness()).isEqualTo(new Readiness(2, 0, 1));
        assertThat(shown.unprotected()).hasValue(1);
        assertThat(shown.stale())
                .extracting(window -> window.resource().arn(), window -> window.oldest(), window -> window.newest())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                Arn.ofFileSystem(ADMIN.scope(), "fs-2"),
                                Optional.of(START.minus(DAY.multipliedBy(2))),
                                Optional.of(START.minus(DAY.multipliedBy(2)))),
                        org.assertj.core.groups.Tuple.tuple(
                                Arn.ofFileSystem(ADMIN.scope(), "fs-1"),
                                Optional.of(START.minus(DAY.multipliedBy(3))),
                                Optional.of(START.minus(Duration.ofHours(1)))));
        assertThat(shown.vaults()).singleElement().satisfies(total -> {
            assertThat(total.vault()).isEqualTo(vault.name());
            assertThat(total.points()).isEqualTo(3);
        });
        assertThat(dashboards.of(STRANGER).vaults()).isEmpty();
        assertThat(dashboards.of(STRANGER).readiness()).isEqualTo(new Readiness(0, 0, 0));
    }

    @Test
    void jobsOfTodayAreCountedWithThoseOfFourteenDaysAndNoOthers() {
        bench.write(tx -> {
            tx.backupJobs().insert(job(START, new BackupState.Created(START, Optional.empty())));
            tx.backupJobs().insert(job(START, new BackupState.Failed(START, "Access denied")));
            tx.backupJobs()
                    .insert(job(START.minus(DAY.multipliedBy(14)), new BackupState.Completed(START, Optional.empty())));
            tx.backupJobs()
                    .insert(job(START.minus(DAY.multipliedBy(15)), new BackupState.Completed(START, Optional.empty())));
        });
        assertThat(dashboards.of(ADMIN).backupJobs())
                .extracting(count -> count.state() + " " + count.category().orElseThrow() + " " + count.count())
                .containsExactlyInAnyOrder(
                        "CREATED " + MessageCategory.SUCCESS + " 1",
                        "FAILED " + MessageCategory.ACCESS_DENIED + " 1",
                        "COMPLETED " + MessageCategory.SUCCESS + " 1");
    }

    @Test
    void itNamesWhatNeedsSomebody() throws Exception {
        var vault = bench.vault("prod");
        bench.vault("later");
        bench.locks.put(ADMIN, "prod", Optional.of(1L), Optional.empty(), Optional.of(5L));
        bench.locks.put(ADMIN, "later", Optional.of(1L), Optional.empty(), Optional.of(50L));
        var stuck = bench.point(vault, "fs-1", START, RecoveryPointStatus.EXPIRED);
        var needed = dashboards.of(ADMIN).actionNeeded();
        assertThat(needed.undeletable()).containsExactly(stuck.arn().toString());
        assertThat(needed.locking())
                .containsExactly(new Dashboard.Locking(vault.name(), START.plus(DAY.multipliedBy(5))));
        assertThat(needed.clock().isTrusted()).isTrue();
        bench.setClockBy(DAY.multipliedBy(3));
        assertThat(dashboards.of(ADMIN).actionNeeded().clock().isTrusted()).isFalse();
        assertThat(dashboards.of(STRANGER).actionNeeded().undeletable()).isEmpty();
    }

    @Test
    void itNamesTheLastRunsThatWereMissedWithinSevenDays() {
        var plan = PlanSamples.plan(ADMIN.scope(), "p1", START, Optional.empty());
        bench.write(tx -> {
            tx.plans().insert(plan, PlanSamples.clock(1));
            for (int hour = 0; hour < 30; hour++) {
                var instant = START.plus(Duration.ofHours(hour));
                var missed = new RunState.Missed(instant.plus(Duration.ofHours(1)), "late", 0);
                tx.scheduledRuns().insertIfAbsent(PlanSamples.run(plan, "plain", instant, missed));
            }
        });
        bench.clock.set(START.plus(Duration.ofHours(30)));
        var missed = dashboards.of(ADMIN).actionNeeded().missed();
        assertThat(missed).hasSize(20);
        assertThat(missed.getFirst().run().fireAt()).isEqualTo(START.plus(Duration.ofHours(29)));
        assertThat(missed).allSatisfy(run -> assertThat(run.rule().name()).isEqualTo("plain"));
        bench.clock.set(START.plus(DAY.multipliedBy(7)).plus(Duration.ofHours(28)));
        assertThat(dashboards.of(ADMIN).actionNeeded().missed()).hasSize(2);
        assertThat(dashboards.of(STRANGER).actionNeeded().missed()).isEmpty();
    }

    @Test
    void itTellsWhatPlansWillDoWithinADay() {
        var plans = new PlanService(bench.catalog, bench.gate, bench.clock, bench.ids, PlanLimits.defaults());
        var rule = new RuleRequest(
                "daily",
                "Default",
                Optional.empty(),
                Optional.of("cron(0 5 ? * * *)"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                false,
                List.of(),
                List.of());
        plans.create(
                ADMIN, new PlanRequest("nightly", List.of(rule), List.of(), List.of()), Map.of(), Optional.empty());
        assertThat(dashboards.of(ADMIN).upcoming()).singleElement().satisfies(next -> {
            assertThat(next.planName()).isEqualTo("nightly");
            assertThat(next.run().at()).isEqualTo(Instant.parse("2026-03-02T05:00:00Z"));
        });
    }

    @Test
    void whoMayNotSeeItIsRefusedAndWhoMayNotListGapsIsNotToldTheirNumber() {
        var nobody = access.user("nobody", allow("backup:*"));
        assertThat(refusal(() -> dashboards.of(nobody)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        var some = access.user("some", allow("coffer:GetDashboard"));
        assertThat(dashboards.of(some).unprotected()).isEmpty();
    }
}
