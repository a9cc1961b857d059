package dev.coffer.core.catalog;

import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.VaultName;

/** Changes the access policies of vaults. */
public interface VaultPolicyTable extends VaultPolicyRows {
    /** Adds or replaces the policy. */
    void put(Scope scope, VaultName vault, PolicyDocument policy);

    /** Absent counts as done. */
    void delete(Scope scope, VaultName vault);
}
