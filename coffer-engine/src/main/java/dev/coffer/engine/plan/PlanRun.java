package dev.coffer.engine.plan;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PlannedRuns;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.JobId;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.plan.Settlement;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.job.BackupJobCreation;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out runs of plans: one backup job for each resource that the plan selects now. Jobs are created in the order of the resources' ARNs, a bounded number in each transaction, and the run tells which were. A selection that
 * cannot be evaluated is tried again while the start window is open. What is wrong with vault, role or resource is the job's own failure. Used by one thread.
 */
final class PlanRun {
    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);
    private static final int JOBS_AT_ONCE = 200;
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final ResourceSelector selector;
    private final InstantSource clock;
    private final Events events;
    private final BackupJobCreation creation;
    private final Runnable wakeRunner;
    private final RunObserver observer;
    /** Runs whose selections could not be evaluated, and when that is tried again. */
    private final Map<Key, Instant> notBefore = new HashMap<>();

    private record Key(String plan, String rule, Instant fireAt) {
        static Key of(ScheduledRun run) {
            return new Key(run.plan().value(), run.rule().value(), run.fireAt());
        }
    }

    PlanRun(
            Catalog catalog,
            ResourceSelector selector,
            InstantSource clock,
            Supplier<UUID> ids,
            Events events,
            Runnable wakeRunner,
            RunObserver observer) {
        this.catalog = catalog;
        this.selector = selector;
        this.clock = clock;
        this.events = events;
        this.creation = new BackupJobCreation(ids);
        this.wakeRunner = wakeRunner;
        this.observer = observer;
    }

    /** What a run needs to know of its plan. */
    private record Work(PlanVersion plan, BackupRule rule, List<BackupSelection> selections) {}

    /** Creates the jobs of an open run, or notes that it is missed. What fails comes again with a later call, and keeps no other run waiting. */
    void carry(ScheduledRun run) {
        try {
            carryOn(run);
        } catch (RuntimeException failure) {
            notBefore.put(Key.of(run), clock.instant().plus(TRY_AGAIN));
            LOG.atError()
                    .setCause(failure)
                    .addKeyValue("plan", run.plan())
                    .addKeyValue("rule", run.rule())
                    .addKeyValue("instant", run.fireAt())
                    .log("the jobs of a scheduled run could not be created; it will be tried again");
        }
    }

    private void carryOn(ScheduledRun run) {
        var now = clock.instant();
        var wait = Optional.ofNullable(notBefore.get(Key.of(run)));
        if (!run.windowOpen(now)) {
            catalog.<Boolean>write(tx -> {
                open(tx, run).ifPresent(open -> miss(tx, run, open, now));
                return true;
            });
            notBefore.remove(Key.of(run));
        } else if (wait.isEmpty() || !now.isBefore(wait.get())) {
            var work = work(run);
            selected(run, work, now).ifPresent(resources -> create(run, work, resources));
        }
    }

    private Work work(ScheduledRun run) {
        return catalog.read(view -> {
            var planned = new PlannedRuns(view).of(run);
            return new Work(planned.plan(), planned.rule(), view.selections().of(run.scope(), run.plan()));
        });
    }

    /** The resources in the order of their ARNs; empty if that cannot be known now. */
    private Optional<List<SelectedResource>> selected(ScheduledRun run, Work work, Instant now) {
        try {
            var selections =
                    work.selections().stream().map(BackupSelection::document).toList();
            var resources = selector.select(run.scope(), selections).stream()
                    .sorted(Comparator.comparing(resource -> resource.resource().toString()))
                    .toList();
            notBefore.remove(Key.of(run));
            return Optional.of(resources);
        } catch (RuntimeException failure) {
            notBefore.put(Key.of(run), now.plus(TRY_AGAIN));
            LOG.atWarn()
                    .setCause(failure)
                    .addKeyValue("event", "ProcessBackupPlanSelection")
                    .addKeyValue("plan", run.plan())
                    .addKeyValue("rule", run.rule())
                    .addKeyValue("instant", run.fireAt())
                    .log("the selections of a plan could not be evaluated; it will be tried again");
            return Optional.empty();
        }
    }

    private void create(ScheduledRun run, Work work, List<SelectedResource> resources) {
        boolean more = true;
        while (more) {
            more = catalog.<Boolean>write(tx -> createSome(tx, run, work, resources));
            wakeRunner.run();
        }
    }

    /** Creates the next jobs of the run; whether there may be more. Another ticker may have come further, or have ended the run. */
    private boolean createSome(Transaction tx, ScheduledRun run, Work work, List<SelectedResource> resources) {
        var open = open(tx, run);
        if (open.isEmpty()) {
            return false;
        }
        var now = clock.instant();
        if (!run.windowOpen(now)) {
            miss(tx, run, open.get(), now);
            return false;
        }
        var rest = rest(resources, open.get());
        var next = rest.subList(0, Math.min(JOBS_AT_ONCE, rest.size()));
        if (next.isEmpty()) {
            tx.scheduledRuns().update(run.in(open.get().done(now)));
            tell(run, open.get().jobs());
            observer.settled(RunObserver.Outcome.STARTED, Duration.between(run.fireAt(), now));
            return false;
        }
        next.forEach(resource -> createOne(tx, run, work, resource, now));
        tx.scheduledRuns().update(run.in(open.get().wentTo(next.getLast().resource(), next.size())));
        tx.plans().putLastExecution(run.plan(), now);
        return true;
    }

    private static List<SelectedResource> rest(List<SelectedResource> resources, RunState.Open open) {
        return open.after()
                .map(last -> resources.stream()
                        .filter(resource -> resource.resource().toString().compareTo(last.toString()) > 0)
                        .toList())
                .orElse(resources);
    }

    private void createOne(Transaction tx, ScheduledRun run, Work work, SelectedResource resource, Instant now) {
        var id = JobId.ofRun(run, resource.resource());
        if (tx.backupJobs().find(run.scope(), id).isPresent()) {
            return;
        }
        var rule = work.rule();
        if (rule.continuous()) {
            tx.continuous().want(id);
        }
        if (rule.indexed().contains(resource.type())) {
            tx.indexJobs().want(id);
        }
        creation.create(
                tx,
                id,
                new BackupJobCreation.Wanted(
                        run.scope(),
                        rule.vault(),
                        resource.resource(),
                        resource.type(),
                        resource.name(),
                        resource.role(),
                        LifecycleRequest.forType(rule.lifecycle(), resource.type()),
                        work.plan().document().options(resource.type()),
                        rule.pointTags(),
                        Optional.of(CreatedBy.of(work.plan(), rule)),
                        run.windowEndsAt(),
                        run.windowEndsAt().plus(Duration.ofMinutes(rule.completionWindowMinutes()))),
                now);
    }

    private static Optional<RunState.Open> open(Transaction tx, ScheduledRun run) {
        return tx.scheduledRuns()
                .find(run.plan(), run.rule(), run.fireAt())
                .flatMap(found -> found.state() instanceof RunState.Open open ? Optional.of(open) : Optional.empty());
    }

    private void miss(Transaction tx, ScheduledRun run, RunState.Open open, Instant now) {
        observer.settled(RunObserver.Outcome.EXPIRED, Duration.between(run.fireAt(), now));
        var missed = open.missed(now, whyMissed(run, open));
        tx.scheduledRuns().update(run.in(missed));
        tx.emit(events.planRunMissed(new PlannedRuns(tx).of(run), missed));
        LOG.atWarn()
                .addKeyValue("event", "plan.missed")
                .addKeyValue("plan", run.plan())
                .addKeyValue("rule", run.rule())
                .addKeyValue("instant", run.fireAt())
                .addKeyValue("jobs", open.jobs())
                .addKeyValue("reason", missed.reason())
                .log("the start window of a scheduled run ended before all of its jobs were created");
    }

    private String whyMissed(ScheduledRun run, RunState.Open open) {
        if (notBefore.containsKey(Key.of(run))) {
            return Settlement.FAILED;
        }
        return open.jobs() > 0 ? Settlement.CUT_SHORT : Settlement.WINDOW_OVER;
    }

    private static void tell(ScheduledRun run, long jobs) {
        LOG.atInfo()
                .addKeyValue("event", "plan.ran")
                .addKeyValue("plan", run.plan())
                .addKeyValue("rule", run.rule())
                .addKeyValue("instant", run.fireAt())
                .addKeyValue("jobs", jobs)
                .log("a scheduled run has its jobs");
    }
}
