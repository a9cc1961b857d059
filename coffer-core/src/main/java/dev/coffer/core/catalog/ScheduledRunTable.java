package dev.coffer.core.catalog;

import dev.coffer.core.plan.ScheduledRun;
import java.time.Instant;

/** Changes the instants at which plans fired. */
public interface ScheduledRunTable extends ScheduledRunRows {
    /** Adds a run, unless there is one of this plan, rule and instant; whether it was added. */
    boolean insertIfAbsent(ScheduledRun run);

    /** Replaces the run with this plan, rule and instant. */
    void update(ScheduledRun run);

    /** Removes runs that are not open and whose start window ended before the moment. */
    int deleteEndedBefore(Instant moment);
}
