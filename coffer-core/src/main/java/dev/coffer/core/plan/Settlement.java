package dev.coffer.core.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of the instants of a plan that have come. The latest instant of a rule runs if its start window is open; earlier ones that came with it are missed, and so is one whose window is over; overlapping runs
 * are merged.
 *
 * @param runs one for each instant, in the order of time
 * @param caughtUp runs from before that had not begun and give way to a later one of their rule, as they are now
 * @param clock how far the plan is settled with them; while that is before now, there is more to settle
 */
public record Settlement(List<ScheduledRun> runs, List<ScheduledRun> caughtUp, PlanClock clock) {
    /** Why an instant is missed whose time had passed when it was first looked at. */
    public static final String WINDOW_OVER = "Its start window was over before a server could run it.";

    /** Why an instant has not all of its jobs. */
    public static final String CUT_SHORT = "Its start window was over before a server had created all of its jobs.";

    /** Why an instant is missed whose jobs could not be created, for example because the selections could not be evaluated. */
    public static final String FAILED =
            "Its jobs could not be created while its start window was open. The server's log has the errors.";

    /** Why an instant is missed whose rule fired again before a server could run it. */
    public static final String CAUGHT_UP =
            "The rule fired again before a server could run it; only the latest instant can run.";

    public Settlement {
        runs = List.copyOf(runs);
        caughtUp = List.copyOf(caughtUp);
    }

    /**
     * Settles a plan up to now, or as far as the limit allows.
     *
     * @param settledUntil how far it is settled
     * @param kept runs of the plan from before that are open or done
     * @param atMost instants of one rule in one settlement
     */
    public static Settlement of(
            PlanVersion plan, Instant settledUntil, Instant now, Collection<ScheduledRun> kept, int atMost) {
        if (!settledUntil.isBefore(now)) {
            return new Settlement(List.of(), List.of(), PlanClock.startingAt(settledUntil, plan.document()));
        }
        var until = now;
        var due = new ArrayList<Due>();
        for (var rule : plan.document().rules()) {
            var instant = rule.schedule().next(settledUntil);
            for (int count = 0; instant.isPresent() && !instant.get().isAfter(until); count++) {
                if (count == atMost) {
                    until = instant.get().minusNanos(1);
                    break;
                }
                var next = rule.schedule().next(instant.get());
                boolean latest = next.isEmpty() || next.get().isAfter(now);
                due.add(new Due(rule, instant.get(), latest));
                instant = next;
            }
        }
        var end = until;
        due.removeIf(one -> one.fireAt().isAfter(end));
        var runs = runs(plan, due, now, kept);
        return new Settlement(runs, caughtUp(kept, runs, now), PlanClock.startingAt(end, plan.document()));
    }

    private record Due(BackupRule rule, Instant fireAt, boolean latest) {
        Overlap.Run run() {
            return new Overlap.Run(rule, fireAt);
        }
    }

    private static List<ScheduledRun> runs(
            PlanVersion plan, List<Due> due, Instant now, Collection<ScheduledRun> kept) {
        var candidates = due.stream()
                .filter(one -> one.latest() && now.isBefore(one.rule().startBy(one.fireAt())))
                .map(Due::run)
                .toList();
        var before = kept.stream()
                .filter(run -> candidates.stream().noneMatch(candidate -> givesWay(run, candidate)))
                .map(Settlement::seen)
                .toList();
        var merged = Overlap.merge(plan.document(), before, candidates);
        Map<Overlap.Run, RunState> stateByRun = new HashMap<>();
        merged.forEach((run, into) -> stateByRun.put(
                run,
                into.<RunState>map(other -> new RunState.Merged(now, other.rule()))
                        .orElse(RunState.Open.FRESH)));
        return due.stream()
                .sorted(Comparator.comparing(Due::fireAt))
                .map(one -> new ScheduledRun(
                        plan.scope(),
                        plan.id(),
                        one.rule().id(),
                        one.fireAt(),
                        plan.versionId(),
                        one.rule().startBy(one.fireAt()),
                        stateByRun.getOrDefault(one.run(), missed(one, now))))
                .toList();
    }

    private static RunState missed(Due due, Instant now) {
        return new RunState.Missed(now, due.latest() ? WINDOW_OVER : CAUGHT_UP, 0);
    }

    private static List<ScheduledRun> caughtUp(Collection<ScheduledRun> kept, List<ScheduledRun> runs, Instant now) {
        var opened = runs.stream()
                .filter(run -> run.state() instanceof RunState.Open)
                .map(Settlement::seen)
                .toList();
        return kept.stream()
                .filter(run -> opened.stream().anyMatch(later -> givesWay(run, later)))
                .map(run -> run.in(new RunState.Missed(now, CAUGHT_UP, 0)))
                .toList();
    }

    private static Overlap.Run seen(ScheduledRun run) {
        return new Overlap.Run(run.rule(), run.fireAt(), run.windowEndsAt());
    }

    /** An open run that has not begun gives way to a later one of its rule. */
    private static boolean givesWay(ScheduledRun run, Overlap.Run later) {
        return run.state().equals(RunState.Open.FRESH)
                && run.rule().equals(later.rule())
                && run.fireAt().isBefore(later.fireAt());
    }
}
