package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;

/** Reads the locks of vaults. */
public interface LockRows {
    /** The lock of the vault; None for one without lock. */
    VaultLock of(Vault vault);

    /** The lock of the vault of this name; None if there is no such vault. */
    VaultLock of(Scope scope, VaultName vault);
}
