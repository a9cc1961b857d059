package dev.coffer.core.catalog;

import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.ScheduledRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads the instants at which plans fired. */
public interface ScheduledRunRows {
    Optional<ScheduledRun> find(PlanId plan, RuleId rule, Instant fireAt);

    /** Open runs of all scopes, the earliest first. */
    List<ScheduledRun> open(int limit);

    /** Runs of the plan that are open or done and whose start window ends after the instant. */
    List<ScheduledRun> standing(PlanId plan, Instant after);

    /** All runs of the plan in the order of time. */
    List<ScheduledRun> of(PlanId plan, int limit);
}
