package dev.coffer.engine.plan;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PlannedRuns;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.plan.Settlement;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets plans fire. Each step has two parts. First every instant that has come is settled: one transaction adds a run for each instant and moves the plan's clock, so that an instant is settled once, whatever clocks do and however
 * many tickers share the catalog. Then open runs are carried out: their jobs are created in batches, each of which moves the run on in the same transaction, so that a run goes on where a crash has left it.
 */
public final class PlanTicker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlanTicker.class);
    private static final int PLANS_AT_ONCE = 100;
    private static final int RUNS_AT_ONCE = 1000;
    private static final int INSTANTS_AT_ONCE = 500;

    private final Catalog catalog;
    private final InstantSource clock;
    private final Events events;
    private final PlanRun carrier;
    private final Loop loop;
    private final AtomicReference<RunObserver> observer = new AtomicReference<>((_, _) -> {});
    private boolean clocksChecked;

    /**
     * A ticker that does nothing before {@link #start}.
     *
     * @param wakeRunner tells the runner of this process that there are new jobs
     * @param period how often it looks for instants that have come
     */
    public PlanTicker(
            Catalog catalog,
            ResourceSelector selector,
            InstantSource clock,
            Supplier<UUID> ids,
            Runnable wakeRunner,
            Duration period) {
        this.catalog = catalog;
        this.clock = clock;
        this.events = new Events(ids);
        this.carrier = new PlanRun(
                catalog,
                selector,
                clock,
                ids,
                events,
                wakeRunner,
                (outcome, delay) -> observer.get().settled(outcome, delay));
        this.loop = new Loop("plans", period, this::tick);
    }

    /** Whom to tell what becomes of instants. */
    public void onRun(RunObserver listener) {
        observer.set(listener);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** One step. Called by one thread at a time. */
    public void tick() {
        if (!clocksChecked) {
            checkClocks();
            clocksChecked = true;
        }
        var now = clock.instant();
        var failed = new HashSet<PlanId>();
        for (var due = due(now, failed); !due.isEmpty(); due = due(now, failed)) {
            for (var plan : due) {
                if (!settled(plan, now)) {
                    failed.add(plan.id());
                }
            }
        }
        catalog.read(view -> view.scheduledRuns().open(RUNS_AT_ONCE)).forEach(carrier::carry);
    }

    private List<PlanVersion> due(Instant now, Set<PlanId> failed) {
        return catalog.read(view -> view.plans().due(now, PLANS_AT_ONCE + failed.size())).stream()
                .filter(plan -> !failed.contains(plan.id()))
                .toList();
    }

    /** The rules of a time zone may have changed since a plan's next instant was stored. */
    private void checkClocks() {
        var behind = Optional.<PlanId>empty();
        while (true) {
            var after = behind;
            var plans = catalog.read(view -> view.plans().active(after, PLANS_AT_ONCE));
            plans.forEach(this::checkClock);
            if (plans.size() < PLANS_AT_ONCE) {
                return;
            }
            behind = Optional.of(plans.getLast().id());
        }
    }

    private void checkClock(PlanVersion seen) {
        var stored = catalog.read(view -> view.plans().clock(seen.id()));
        if (PlanClock.startingAt(stored.settledUntil(), seen.document()).equals(stored)) {
            return;
        }
        catalog.<Boolean>write(tx -> {
            current(tx, seen).ifPresent(plan -> {
                var settledUntil = tx.plans().clock(plan.id()).settledUntil();
                tx.plans().putClock(plan.id(), PlanClock.startingAt(settledUntil, plan.document()));
            });
            return true;
        });
    }

    private static Optional<PlanVersion> current(Transaction tx, PlanVersion seen) {
        return tx.plans()
                .current(seen.scope(), seen.id())
                .filter(plan -> plan.deletedAt().isEmpty());
    }

    /** Settles the plan's next instants; false if that failed, which keeps no other plan waiting. */
    private boolean settled(PlanVersion seen, Instant now) {
        try {
            var runs = catalog.<List<ScheduledRun>>write(tx -> current(tx, seen)
                    .map(plan -> settleSome(tx, plan, now, events))
                    .orElse(List.of()));
            runs.forEach(run -> {
                tell(run);
                outcome(run).ifPresent(outcome -> observer.get().settled(outcome, Duration.between(run.fireAt(), now)));
            });
            return true;
        } catch (RuntimeException failure) {
            LOG.atError().setCause(failure).addKeyValue("plan", seen.id()).log("a plan could not be settled");
            return false;
        }
    }

    /** Settles all instants of the plan that have come. */
    static void settle(Transaction tx, PlanVersion plan, Instant now, Events events) {
        // The catalog keeps milliseconds.
        var until = now.truncatedTo(ChronoUnit.MILLIS);
        while (tx.plans().clock(plan.id()).settledUntil().isBefore(until)) {
            settleSome(tx, plan, until, events).forEach(PlanTicker::tell);
        }
    }

    /** Settles the plan's next instants; the runs that were added or changed. Each that is missed is an event. */
    private static List<ScheduledRun> settleSome(Transaction tx, PlanVersion plan, Instant now, Events events) {
        var settledUntil = tx.plans().clock(plan.id()).settledUntil();
        var standing = tx.scheduledRuns().standing(plan.id(), settledUntil);
        var settlement = Settlement.of(plan, settledUntil, now, standing, INSTANTS_AT_ONCE);
        var changed = new ArrayList<>(settlement.caughtUp());
        settlement.caughtUp().forEach(tx.scheduledRuns()::update);
        for (var run : settlement.runs()) {
            if (tx.scheduledRuns().insertIfAbsent(run)) {
                changed.add(run);
            }
        }
        tx.plans().putClock(plan.id(), settlement.clock());
        var planned = new PlannedRuns(tx);
        for (var run : changed) {
            if (run.state() instanceof RunState.Missed missed) {
                tx.emit(events.planRunMissed(planned.of(run), missed));
            }
        }
        return changed;
    }

    private static Optional<RunObserver.Outcome> outcome(ScheduledRun run) {
        return switch (run.state()) {
            case RunState.Missed _ -> Optional.of(RunObserver.Outcome.EXPIRED);
            case RunState.Merged _ -> Optional.of(RunObserver.Outcome.DUPLICATE_SUPPRESSED);
            case RunState.Open _, RunState.Done _ -> Optional.empty();
        };
    }

    /** One line for each instant that makes no jobs. */
    private static void tell(ScheduledRun run) {
        switch (run.state()) {
            case RunState.Missed(var _, var reason, long _) ->
                LOG.atWarn()
                        .addKeyValue("event", "plan.missed")
                        .addKeyValue("plan", run.plan())
                        .addKeyValue("rule", run.rule())
                        .addKeyValue("instant", run.fireAt())
                        .addKeyValue("reason", reason)
                        .log("a scheduled run was missed");
            case RunState.Merged(var _, var into) ->
                LOG.atInfo()
                        .addKeyValue("event", "plan.merged")
                        .addKeyValue("plan", run.plan())
                        .addKeyValue("rule", run.rule())
                        .addKeyValue("instant", run.fireAt())
                        .addKeyValue("into", into)
                        .log("a scheduled run was merged into an overlapping one");
            case RunState.Open _, RunState.Done _ -> {}
        }
    }

    /** Stops; what is open goes on at the next start. */
    @Override
    public void close() {
        loop.close();
    }
}
