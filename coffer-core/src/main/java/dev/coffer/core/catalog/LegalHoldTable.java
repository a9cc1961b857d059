package dev.coffer.core.catalog;

import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;

/** Changes legal holds and what they hold. */
public interface LegalHoldTable extends LegalHoldRows {
    /** Adds the hold, or replaces the one with its id. */
    void put(LegalHold hold);

    /** Lets the hold have the point; a repeat changes nothing. */
    void hold(LegalHold hold, RecoveryPoint point);

    /**
     * Takes points from the hold.
     *
     * @return how many; fewer than the limit if none is left
     */
    int release(LegalHold hold, int limit);

    /** Removes the record of a hold that has no points. */
    void delete(LegalHold hold);
}
