package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.continuous.Follower;
import dev.coffer.engine.continuous.Rounds;
import dev.coffer.engine.continuous.SeriesUpkeep;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.PlanTicker;
import dev.coffer.engine.plan.RuleRequest;
import dev.coffer.engine.plan.SelectionRequest;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.engine.recoverypoint.SeriesWitness;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A bucket that a plan backs up continuously, over the real catalog. */
final class FollowWorld implements AutoCloseable {
    static final Arn BUCKET = Arn.ofBucket("data");
    static final String HOURLY = "cron(0 * ? * * *)";

    final EngineBench engine;
    final LogConnector connector;
    final Inventory inventory;
    final PlanService plans;
    final SelectionService selections;
    final PlanTicker ticker;
    final SeriesUpkeep upkeep;
    final RestoreJobService restores;
    private final Random random = new Random(1);
    private final AtomicLong starts = new AtomicLong();
    private final List<Runnable> parts = new ArrayList<>();

    FollowWorld(Path folder) {
        engine = new EngineBench(folder);
        connector = new LogConnector(engine.clock);
        inventory = new Inventory(
                List.of(new Source(ResourceType.S3, ADMIN.scope(), BUCKET, "data", Map.of(), Map.of("team", "a"))),
                engine.catalog,
                List.of(connector),
                Map.of());
        plans = new PlanService(engine.catalog, engine.gate, engine.clock, engine.ids, PlanLimits.defaults());
        selections = new SelectionService(engine.catalog, engine.gate, engine.clock, engine.ids, PlanLimits.defaults());
        ticker = new PlanTicker(
                engine.catalog,
                (_, chosenBy) -> selected(chosenBy),
                engine.clock,
                () -> new UUID(random.nextLong(), random.nextLong()),
                () -> {},
                Duration.ofHours(1));
        upkeep = new SeriesUpkeep(
                engine.catalog,
                engine.repositories,
                inventory,
                (_, chosenBy) -> selected(chosenBy),
                engine.trusted,
                new SeriesWitness(engine.repositories, engine.keeper),
                () -> {},
                engine.clock,
                new Events(engine.ids),
                Duration.ofHours(1));
        restores = new RestoreJobService(
                engine.catalog, inventory, engine.gate, engine.clock, engine.ids, engine.limits, () -> {});
        engine.write(tx -> tx.access().putRole(ROLE, EngineBench.START));
    }

    private static List<SelectedResource> selected(List<?> chosenBy) {
        return chosenBy.isEmpty() ? List.of() : List.of(new SelectedResource(BUCKET, ResourceType.S3, "data", ROLE));
    }

    static RuleRequest rule(String name, String vault, long days, boolean continuous) {
        return rule(name, vault, days, continuous, List.of());
    }

    /** The same with index actions. */
    static RuleRequest rule(String name, String vault, long days, boolean continuous, List<List<String>> indexActions) {
        return new RuleRequest(
                name,
                vault,
                Optional.empty(),
                Optional.of(HOURLY),
                Optional.of("Etc/UTC"),
                Optional.of(60L),
                Optional.empty(),
                Optional.of(LifecycleRequest.ofDays(Optional.empty(), Optional.of(days))),
                Map.of(),
                List.of(),
                continuous,
                indexActions,
                List.of());
    }

    /** A plan that selects the bucket. */
    PlanVersion plan(String name, RuleRequest... rules) {
        var plan = plans.create(
                ADMIN, new PlanRequest(name, List.of(rules), List.of(), List.of()), Map.of(), Optional.empty());
        selections.create(
                ADMIN,
                plan.id().value(),
                new SelectionRequest(
                        "all",
                        ROLE.toString(),
                        Optional.of(List.of("*")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Optional.empty());
        return plan;
    }

    Dispatcher process(Catalog catalog, Repositories repositories) {
        return process("node", catalog, repositories);
    }

    Dispatcher process(String node, Catalog catalog, Repositories repositories) {
        var dispatcher = new Dispatcher(
                catalog,
                repositories,
                inventory,
                engine.gate,
                runner(node),
                engine.clock,
                engine.ids,
                engine.limits,
                (_, _, _, _, _) -> {});
        parts.add(dispatcher::close);
        return dispatcher;
    }

    private RunnerId runner(String node) {
        return new RunnerId(node, Long.toString(starts.incrementAndGet()));
    }

    Follower follower(String node, Catalog catalog, Repositories repositories) {
        var follower = new Follower(
                catalog,
                new Rounds(catalog, repositories, inventory, engine.clock, new Events(engine.ids)),
                runner(node),
                engine.clock,
                Duration.ofHours(1));
        parts.add(follower::close);
        return follower;
    }

    /** The next run of the plans, and its jobs. */
    List<BackupJob> runPlans() throws InterruptedException {
        engine.clock.set(engine.clock
                .instant()
                .truncatedTo(java.time.temporal.ChronoUnit.HOURS)
                .plus(Duration.ofHours(1)));
        var before = jobs().size();
        ticker.tick();
        runJobs();
        return jobs().subList(0, jobs().size() - before);
    }

    void runJobs() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            var process = process(engine.catalog, engine.repositories);
            process.tick();
            process.join();
        }
    }

    /** Newest first. */
    List<BackupJob> jobs() {
        return engine.catalog.read(view -> view.backupJobs()
                .list(ADMIN.scope(), dev.coffer.core.catalog.BackupJobRows.Filter.none(), PageRequest.first(1000))
                .rows());
    }

    /** One round, an interval later. */
    void follow() throws InterruptedException {
        engine.clock.advance(LogConnector.INTERVAL);
        followNow();
    }

    void followNow() throws InterruptedException {
        var follower = follower("node", engine.catalog, engine.repositories);
        follower.tick();
        follower.join();
    }

    List<RecoveryPoint> points() {
        return engine.catalog.read(view -> view.recoveryPoints()
                .list(ADMIN.scope(), RecoveryPointRows.Filter.ofResource(BUCKET), PageRequest.first(100))
                .rows());
    }

    RecoveryPoint point() {
        return points().getFirst();
    }

    Series series() {
        return engine.catalog.read(
                view -> view.continuous().ofResource(ADMIN.scope(), BUCKET).getFirst());
    }

    History history() {
        return new History(engine.catalog.read(view -> view.continuous().newest(series(), 100_000)));
    }

    List<Manifest> manifests() throws InterruptedException {
        var found = new ArrayList<Manifest>();
        for (var vault : engine.catalog.read(view -> view.vaults().all())) {
            engine.repositories.open(vault.scope(), vault.name(), vault.id()).points(found::add);
        }
        return found;
    }

    RestoreJob startRestore(Instant moment) {
        return restores.start(
                ADMIN,
                new StartRestore(
                        point().arn().toString(),
                        Map.of("target", "at-" + moment.getEpochSecond(), "RestoreTime", moment.toString()),
                        Optional.of(ROLE.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        false));
    }

    /** What a restore to the moment makes. */
    Map<String, String> restored(Instant moment) throws InterruptedException {
        var job = startRestore(moment);
        runJobs();
        var ended = restores.describe(ADMIN, job.id().value());
        if (!ended.state().wireName().equals("COMPLETED")) {
            throw new AssertionError(ended.toString());
        }
        return Optional.ofNullable(connector.restoredByTarget.get("at-" + moment.getEpochSecond()))
                .orElseThrow();
    }

    @Override
    public void close() {
        parts.reversed().forEach(Runnable::run);
        engine.close();
    }
}
