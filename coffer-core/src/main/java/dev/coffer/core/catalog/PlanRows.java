package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads backup plans and their versions. */
public interface PlanRows {
    /** The current version of the plan; of a deleted one, its last. */
    Optional<PlanVersion> current(Scope scope, PlanId id);

    Optional<PlanVersion> version(Scope scope, PlanId id, String versionId);

    /** The first version of the plan that was made with the token and is not deleted. */
    Optional<PlanVersion> createdWith(Scope scope, String creatorRequestId);

    /** The current versions by the plans' creation, then id. */
    Page<PlanVersion> list(Scope scope, boolean includeDeleted, PageRequest page);

    /** All versions of the plan, the newest first. */
    Page<PlanVersion> versions(Scope scope, PlanId id, PageRequest page);

    /** The current versions of all plans of the scope that are not deleted. */
    List<PlanVersion> active(Scope scope);

    /** The current versions of the plans of all scopes that are not deleted, by id, behind the given one. */
    List<PlanVersion> active(Optional<PlanId> behind, int limit);

    /** The current versions of the plans of all scopes that are not deleted and fire by now, the earliest first. */
    List<PlanVersion> due(Instant now, int limit);

    /** How far the plan's instants have been recorded. */
    PlanClock clock(PlanId id);
}
