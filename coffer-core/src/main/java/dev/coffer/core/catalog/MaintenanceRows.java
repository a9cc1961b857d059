package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.vault.VaultId;
import java.util.List;
import java.util.Optional;

/** Reads maintenance runs. */
public interface MaintenanceRows {
    Optional<MaintenanceRun> find(Scope scope, String id);

    /** All runs of the vault, the newest first. */
    List<MaintenanceRun> of(VaultId vault);

    /** The runs of all scopes that are RUNNING, the oldest first. */
    List<MaintenanceRun> running();
}
