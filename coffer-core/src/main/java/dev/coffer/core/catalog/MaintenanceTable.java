package dev.coffer.core.catalog;

import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.Kind;
import dev.coffer.core.vault.VaultId;
import java.time.Instant;

/** Changes maintenance runs. */
public interface MaintenanceTable extends MaintenanceRows {
    /** Adds the run, or replaces the one with its id. */
    void put(MaintenanceRun run);

    /** Lets the leases of the process's runs last until the moment. */
    void renew(RunnerId runner, Instant until);

    /** Removes the runs of a kind that have ended, but for the newest ones. */
    void keepNewest(VaultId vault, Kind kind, int most);

    /** Removes all runs of a vault. */
    void forget(VaultId vault);
}
