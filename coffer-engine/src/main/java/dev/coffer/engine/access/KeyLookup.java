package dev.coffer.engine.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import java.util.Optional;

/** Finds the principal and the secret behind an access key id, for the check of signatures. */
public final class KeyLookup {
    /** An access key with its secret. {@link #toString} shows none of the secret. */
    public record SigningKey(String accessKeyId, AccountId account, Arn principal, String secret) {
        @Override
        public String toString() {
            return "SigningKey[" + accessKeyId + " of " + principal + "]";
        }
    }

    private final Catalog catalog;
    private final SecretSealer sealer;

    public KeyLookup(Catalog catalog, SecretSealer sealer) {
        this.catalog = catalog;
        this.sealer = sealer;
    }

    /** The key with the id; empty if there is none. */
    public Optional<SigningKey> find(String accessKeyId) {
        return catalog.read(view -> view.access().key(accessKeyId))
                .map(key ->
                        new SigningKey(key.id(), key.account(), key.principal(), sealer.unseal(key.sealedSecret())));
    }
}
