package dev.coffer.core.catalog;

import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.vault.VaultName;
import java.util.Optional;

/** Reads the access policies of vaults. */
public interface VaultPolicyRows {
    Optional<PolicyDocument> of(Scope scope, VaultName vault);
}
