package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads the instants at which plans fired. Lists show the newest instants first. */
public interface ScheduledRunRows {
    /**
     * The conditions of a list; all of them hold.
     *
     * @param state a wire name
     * @param endedBefore also that it has ended
     * @param endedAfter also that it has ended
     */
    record Filter(
            Optional<PlanId> plan,
            Optional<String> state,
            Optional<Instant> endedBefore,
            Optional<Instant> endedAfter) {
        public static Filter none() {
            return new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** Those that were found to be missed since the moment. */
        public static Filter missedAfter(Instant moment) {
            return new Filter(Optional.empty(), Optional.of(RunState.MISSED), Optional.empty(), Optional.of(moment));
        }

        /** The same, of those that ended before the moment, too. */
        public Filter before(Instant moment) {
            return new Filter(plan, state, Optional.of(moment), endedAfter);
        }
    }

    Optional<ScheduledRun> find(PlanId plan, RuleId rule, Instant fireAt);

    Page<ScheduledRun> list(Scope scope, Filter filter, PageRequest page);

    /** Open runs of all scopes, the earliest first. */
    List<ScheduledRun> open(int limit);

    /** Runs of the plan that are open or done and whose start window ends after the instant. */
    List<ScheduledRun> standing(PlanId plan, Instant after);

    /** All runs of the plan in the order of time. */
    List<ScheduledRun> of(PlanId plan, int limit);
}
