package dev.coffer.core.catalog;

import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import java.time.Instant;

/** Changes backup plans. */
public interface PlanTable extends PlanRows {
    /** Adds a plan with its first version. */
    void insert(PlanVersion first, PlanClock clock);

    /** Adds the version that follows the current one, and makes it the current one. */
    void addVersion(PlanVersion next);

    /** Marks the plan as deleted at the instant that the version tells. */
    void markDeleted(PlanVersion deleted);

    void putClock(PlanId id, PlanClock clock);

    /** Notes that the plan has produced jobs. */
    void putLastExecution(PlanId id, Instant at);
}
