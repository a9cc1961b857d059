package dev.coffer.core.catalog;

import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;

/** Changes the locks of vaults. */
public interface LockTable extends LockRows {
    /** Puts the lock in the place of the one that is there; None takes it off. */
    void put(Vault vault, VaultLock lock);
}
