package dev.coffer.core.catalog;

import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;

/** Changes recovery points. */
public interface RecoveryPointTable extends RecoveryPointRows {
    /** Adds the point, or replaces the one with its vault and ARN. */
    void put(RecoveryPoint point);

    /** Removes the point; absent counts as done. */
    void delete(RecoveryPoint point);

    /** Says why the point, which is there, is in its status. */
    void explain(RecoveryPoint point, String message);

    /** Notes until when the vault's storage was told to keep the point, which is there. */
    void retained(RecoveryPoint point, Instant until);

    /** Notes that the vault's storage is to be told again to keep the point, which is there: its data lies elsewhere now. */
    void retainAgain(RecoveryPoint point);
}
