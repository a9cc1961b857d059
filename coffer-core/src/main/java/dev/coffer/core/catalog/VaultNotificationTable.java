package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;

/** Changes which vaults notify which topics. */
public interface VaultNotificationTable extends VaultNotificationRows {
    /** Adds them, or replaces those of the vault. */
    void put(VaultNotifications notifications);

    /** Removes them; absent counts as done. */
    void delete(Scope scope, VaultName vault);
}
