package dev.coffer.core.catalog;

import dev.coffer.core.vault.Vault;

/** Changes vaults. */
public interface VaultTable extends VaultRows {
    /** Adds a vault whose name is free. */
    void insert(Vault vault);

    void delete(Vault vault);
}
