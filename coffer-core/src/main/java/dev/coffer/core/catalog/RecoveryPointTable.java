package dev.coffer.core.catalog;

import dev.coffer.core.recoverypoint.RecoveryPoint;

/** Changes recovery points. */
public interface RecoveryPointTable extends RecoveryPointRows {
    /** Adds the point, or replaces the one with its vault and ARN. */
    void put(RecoveryPoint point);

    /** Removes the point; absent counts as done. */
    void delete(RecoveryPoint point);
}
