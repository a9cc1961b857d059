package dev.coffer.core.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a plan's instants have been recorded.
 *
 * @param settledUntil every instant of its rules up to here, this one included, has its {@link ScheduledRun}
 * @param nextFireAt the first one after that
 */
public record PlanClock(Instant settledUntil, Optional<Instant> nextFireAt) {
    /** The clock of a plan whose rules are looked at from this instant on. */
    public static PlanClock startingAt(Instant from, BackupPlan plan) {
        return new PlanClock(
                from,
                plan.rules().stream()
                        .flatMap(rule -> rule.schedule().next(from).stream())
                        .min(Instant::compareTo));
    }
}
