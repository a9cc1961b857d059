package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import java.util.List;
import java.util.Optional;

/** Reads vaults. */
public interface VaultRows {
    Optional<Vault> find(Scope scope, VaultName name);

    /** By creation, then name. */
    Page<Vault> list(Scope scope, PageRequest page);

    long count(Scope scope);

    /** Vaults of all scopes, for start-up and upkeep. */
    List<Vault> all();
}
