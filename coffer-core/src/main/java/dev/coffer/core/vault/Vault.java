package dev.coffer.core.vault;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * A backup vault.
 *
 * @param id identity of its storage
 * @param creatorRequestId the token of the create call, echoed
 */
public record Vault(
        Scope scope,
        VaultName name,
        VaultId id,
        EncryptionKey encryptionKey,
        Instant createdAt,
        Optional<String> creatorRequestId) {
    /** The vault's ARN. */
    public Arn arn() {
        return Arn.ofVault(scope, name.value());
    }
}
