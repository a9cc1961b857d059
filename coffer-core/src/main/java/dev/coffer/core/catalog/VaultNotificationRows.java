package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import java.util.List;
import java.util.Optional;

/** Reads which vaults notify which topics. */
public interface VaultNotificationRows {
    Optional<VaultNotifications> find(Scope scope, VaultName vault);

    /** Those of one scope, by vault. */
    List<VaultNotifications> of(Scope scope);

    /** Those of all scopes. */
    List<VaultNotifications> all();
}
