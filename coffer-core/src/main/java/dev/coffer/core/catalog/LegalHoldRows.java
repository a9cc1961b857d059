package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.util.List;
import java.util.Optional;

/** Reads legal holds and what they hold. */
public interface LegalHoldRows {
    Optional<LegalHold> find(Scope scope, HoldId id);

    /** By creation, the newest first. */
    Page<LegalHold> list(Scope scope, PageRequest page);

    /** How many holds of the scope are CREATING or ACTIVE. */
    long countInForce(Scope scope);

    /** Holds of all scopes whose points are being collected or released, the oldest first. */
    List<LegalHold> unsettled(int limit);

    /** Cancelled holds of all scopes whose records were to be kept until a moment that is not after this one. */
    List<LegalHold> recordsUntil(java.time.Instant moment, int limit);

    /** Whether any hold has the point, or takes it and is still collecting. */
    boolean holds(RecoveryPoint point);

    /** The points that the hold has. */
    Page<RecoveryPoint> pointsOf(LegalHold hold, PageRequest page);
}
