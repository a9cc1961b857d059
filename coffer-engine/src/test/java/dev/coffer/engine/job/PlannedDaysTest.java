package dev.coffer.engine.job;

import static dev.coffer.engine.job.JobWorld.CALLER;
import static dev.coffer.engine.job.JobWorld.ROLE;
import static dev.coffer.engine.job.JobWorld.SCOPE;
import static dev.coffer.engine.job.JobWorld.START;
import static dev.coffer.engine.job.JobWorld.VAULT;
import static dev.coffer.engine.job.JobWorld.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.PlanTicker;
import dev.coffer.engine.plan.RuleRequest;
import dev.coffer.engine.plan.SelectionRequest;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.engine.selection.LiveSelector;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans from their instants to the recovery points that their jobs make. */
final class PlannedDaysTest {
    @TempDir
    Path folder;

    private JobWorld world;
    private PlanService plans;
    private SelectionService selections;
    private PlanTicker ticker;
    private Dispatcher process;

    @BeforeEach
    void open() {
        world = new JobWorld(folder);
        plans = new PlanService(
                world.catalog, new Gate(world.catalog, world.clock), world.clock, world::id, PlanLimits.defaults());
        selections = new SelectionService(
                world.catalog, new Gate(world.catalog, world.clock), world.clock, world::id, PlanLimits.defaults());
        var sources = new ArrayList<Source>();
        for (int i = 0; i < 6; i++) {
            var tags = Map.of("backup", i < 2 ? "daily" : "never");
            sources.add(new Source(ResourceType.EFS, SCOPE, fileSystem(i), "fs-" + i, Map.of(), tags));
        }
        ticker = new PlanTicker(
                world.catalog,
                new LiveSelector(world.catalog, new Inventory(sources, world.catalog, List.of(), Map.of())),
                world.clock,
                world::id,
                () -> {},
                Duration.ofHours(1));
        process = world.process("a");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private PlanVersion plan(String cron, String vault, long startMinutes, long completeMinutes) {
        return plans.create(
                CALLER,
                new PlanRequest(
                        "reference",
                        List.of(new RuleRequest(
                                "daily",
                                vault,
                                Optional.empty(),
                                Optional.of(cron),
                                Optional.empty(),
                                Optional.of(startMinutes),
                                Optional.of(completeMinutes),
                                Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(30L))),
                                Map.of("plan", "reference"),
                                List.of(),
                                false,
                                List.of(),
                                List.of())),
                        List.of(),
                        List.of()),
                Map.of(),
                Optional.empty());
    }

    private void select(PlanVersion plan, String name, Arn role, List<String> resources, String tag) {
        selections.create(
                CALLER,
                plan.id().value(),
                new SelectionRequest(
                        name,
                        role.toString(),
                        Optional.of(resources),
                        Optional.empty(),
                        Optional.of(List.of(new SelectionRequest.Tag("STRINGEQUALS", "backup", tag))),
                        Optional.empty()),
                Optional.empty());
    }

    private void step(Duration by) throws InterruptedException {
        world.clock.advance(by);
        ticker.tick();
        process.tick();
        process.join();
        process.tick();
        process.join();
    }

    private List<BackupJob> jobs() {
        return world.catalog.read(view -> view.backupJobs()
                .list(SCOPE, BackupJobRows.Filter.none(), PageRequest.first(1000))
                .rows()
                .reversed());
    }

    @Test
    void fortyDaysOfTheReferencePlanMakeOnePointOfEachChosenResourceADay() throws InterruptedException {
        var plan = plan("cron(0 5 ? * * *)", VAULT.value(), 60, 180);
        select(plan, "by-tag-and-arn", ROLE, List.of(fileSystem(4).toString()), "daily");
        for (int hour = 0; hour < 40 * 24; hour++) {
            step(Duration.ofHours(1));
        }
        assertThat(jobs()).hasSize(40 * 3).allSatisfy(job -> {
            assertThat(job.state().wireName()).isEqualTo("COMPLETED");
            assertThat(job.createdBy())
                    .contains(CreatedBy.of(plan, plan.document().rules().getFirst()));
        });
        for (int chosen : List.of(0, 1, 4)) {
            var points = world.pointsOf(fileSystem(chosen));
            assertThat(points).hasSize(40).allSatisfy(point -> {
                assertThat(point.lifecycle().deleteAfterDays()).hasValue(30);
                assertThat(point.lifecycle().deleteAt(point.createdAt()))
                        .contains(point.createdAt().plus(Duration.ofDays(30)));
                assertThat(point.createdBy().map(CreatedBy::plan)).contains(plan.id());
            });
            for (int day = 0; day < 40; day++) {
                assertThat(points.reversed().get(day).createdAt()).isEqualTo(START.plus(Duration.ofDays(day + 1)));
            }
        }
        for (int left : List.of(2, 3, 5)) {
            assertThat(world.pointsOf(fileSystem(left))).isEmpty();
        }
        var point = world.pointsOf(fileSystem(4)).getFirst();
        assertThat(world.catalog.read(view -> view.tags().of(point.arn())).valueByKey())
                .containsEntry("plan", "reference")
                .containsEntry("team", "a");
        assertThat(PointFacts.ofMap(world.manifestsOf(fileSystem(4))
                                .getFirst()
                                .point()
                                .facts())
                        .createdBy())
                .as("the vault alone tells which plan made the point")
                .isEqualTo(point.createdBy());
        var ofPlan = new RecoveryPointRows.Filter(
                Optional.of(VAULT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(plan.id()));
        var listed = world.catalog.read(view -> view.recoveryPoints()
                .list(SCOPE, ofPlan, PageRequest.first(1000))
                .rows());
        assertThat(listed).hasSize(40 * 3);
        assertThat(plans.get(CALLER, plan.id().value(), Optional.empty()).lastExecutedAt())
                .contains(START.plus(Duration.ofDays(40)));
        assertThat(world.events())
                .filteredOn(event -> event.detailType().equals("Recovery Point State Change"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.detail().get("createdBy"))
                        .isEqualTo(Map.of(
                                "backupPlanId", plan.id().value(),
                                "backupPlanArn", plan.arn().toString(),
                                "backupPlanVersion", plan.versionId(),
                                "backupPlanRuleId",
                                        plan.document().rules().getFirst().id().value())));
    }

    @Test
    void aMissingVaultABrokenRoleAndAMissingResourceFailTheJobByName() throws InterruptedException {
        var gone = plan("cron(0 6 ? * * *)", "gone", 60, 180);
        select(gone, "s", ROLE, List.of(fileSystem(4).toString()), "nothing");
        step(Duration.ofHours(1));
        assertThat(jobs()).singleElement().satisfies(job -> {
            assertThat(job.state().wireName()).isEqualTo("FAILED");
            assertThat(job.statusMessage())
                    .contains("Backup job failed because backup vault " + Arn.ofVault(SCOPE, "gone")
                            + " does not exist.");
        });

        var lost = plan("cron(0 7 ? * * *)", VAULT.value(), 60, 180);
        select(lost, "s", ROLE, List.of(fileSystem(99).toString()), "nothing");
        step(Duration.ofHours(1));
        assertThat(jobs()).hasSize(2);
        assertThat(jobs().getLast().state().wireName()).isEqualTo("FAILED");
        assertThat(jobs().getLast().statusMessage())
                .hasValueSatisfying(message ->
                        assertThat(message).contains(fileSystem(99).toString()).contains("does not exist"));
    }

    @Test
    void theCompletionWindowOfAPlansJobBeginsWithItsStart() throws InterruptedException {
        var plan = plan("cron(0 6 ? * * *)", VAULT.value(), 120, 130);
        select(plan, "s", ROLE, List.of(fileSystem(4).toString()), "nothing");
        world.clock.advance(Duration.ofHours(1));
        ticker.tick();
        var hold = world.hold();
        world.clock.advance(Duration.ofMinutes(30));
        process.tick();
        hold.reached.await();
        var started = START.plus(Duration.ofMinutes(90));
        assertThat(jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.completeBy()).isEqualTo(started.plus(Duration.ofMinutes(130))));

        world.clock.set(started.plus(Duration.ofMinutes(129)));
        process.watch();
        assertThat(jobs().getFirst().state().wireName()).isEqualTo("RUNNING");
        world.clock.set(started.plus(Duration.ofMinutes(130)));
        process.watch();
        process.join();
        assertThat(jobs().getFirst().state().wireName()).isEqualTo("EXPIRED");
        assertThat(jobs().getFirst().statusMessage()).contains("Backup job expired before completion.");
    }
}
