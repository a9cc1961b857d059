package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Plans over a real catalog, with file systems that every selection chooses. */
final class PlanBench implements AutoCloseable {
    final EngineBench engine;
    final PlanService plans;
    final SelectionService selections;
    final AtomicLong wakes = new AtomicLong();
    /** How many file systems there are. */
    int fileSystems = 3;

    PlanBench(Path folder) {
        engine = new EngineBench(folder);
        plans = new PlanService(engine.catalog, engine.gate, engine.clock, engine.ids, PlanLimits.defaults());
        selections = new SelectionService(engine.catalog, engine.gate, engine.clock, engine.ids, PlanLimits.defaults());
        engine.write(tx -> tx.access().putRole(ROLE, EngineBench.START));
    }

    static RuleRequest rule(String name, String cron, long windowMinutes, long days) {
        return rule(name, cron, "Etc/UTC", windowMinutes, days);
    }

    static RuleRequest rule(String name, String cron, String zone, long windowMinutes, long days) {
        return new RuleRequest(
                name,
                "Default",
                Optional.empty(),
                Optional.of(cron),
                Optional.of(zone),
                Optional.of(windowMinutes),
                Optional.empty(),
                Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(days))),
                Map.of("kept", days + " days"),
                List.of(),
                false,
                List.of(),
                List.of());
    }

    static PlanRequest request(String name, RuleRequest... rules) {
        return new PlanRequest(name, List.of(rules), List.of(), List.of());
    }

    PlanVersion plan(RuleRequest... rules) {
        return plans.create(ADMIN, request("plan", rules), Map.of(), Optional.empty());
    }

    /** A plan with a selection. */
    PlanVersion selectingPlan(RuleRequest... rules) {
        var plan = plan(rules);
        selections.create(ADMIN, plan.id().value(), everything("all"), Optional.empty());
        return plan;
    }

    static SelectionRequest everything(String name) {
        return new SelectionRequest(
                name, ROLE.toString(), Optional.of(List.of("*")), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Chooses all file systems, if there is a selection at all. */
    List<SelectedResource> selected(List<?> chosenBy) {
        var found = new ArrayList<SelectedResource>();
        for (int i = 0; i < fileSystems && !chosenBy.isEmpty(); i++) {
            found.add(new SelectedResource(fileSystem(i), ResourceType.EFS, "fs " + i, ROLE));
        }
        return found;
    }

    static Arn fileSystem(int number) {
        return Arn.ofFileSystem(ADMIN.scope(), "fs-%05d".formatted(number));
    }

    PlanTicker ticker() {
        return ticker(engine.catalog, engine.clock, (_, selections) -> selected(selections));
    }

    PlanTicker ticker(Catalog catalog, InstantSource clock, ResourceSelector selector) {
        return new PlanTicker(catalog, selector, clock, engine.ids, wakes::incrementAndGet, Duration.ofHours(1));
    }

    /** Lets the ticker look again and again until the instant. */
    void runUntil(PlanTicker ticker, Instant until, Duration step) {
        while (engine.clock.instant().isBefore(until)) {
            engine.clock.advance(step);
            ticker.tick();
        }
    }

    List<BackupJob> jobs() {
        var all = new ArrayList<BackupJob>();
        var page = Optional.of(PageRequest.first(1000));
        while (page.isPresent()) {
            var asked = page.get();
            var found = engine.catalog.read(
                    view -> view.backupJobs().list(ADMIN.scope(), BackupJobRows.Filter.none(), asked));
            all.addAll(found.rows());
            page = found.next().map(next -> new PageRequest(1000, Optional.of(next)));
        }
        return all.reversed();
    }

    List<ScheduledRun> runs(PlanVersion plan) {
        return engine.catalog.read(view -> view.scheduledRuns().of(plan.id(), 100_000));
    }

    PlanVersion now(PlanVersion plan) {
        return plans.get(ADMIN, plan.id().value(), Optional.empty());
    }

    @Override
    public void close() {
        engine.close();
    }
}
