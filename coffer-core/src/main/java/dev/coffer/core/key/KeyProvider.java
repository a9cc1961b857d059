package dev.coffer.core.key;

import dev.coffer.core.arn.Arn;
import java.util.Optional;

/**
 * Wraps the data keys of vaults under a key that never leaves the provider: a local key file, a key service, a token. Wrapping binds the data key to its
 * context, so that a wrapped key cannot be moved to another vault unnoticed.
 */
public interface KeyProvider {
    /** Names the wrapping key in messages and in the vault's format file, for example its fingerprint. Not a secret. */
    String keyId();

    /** Wraps a data key. {@code context} is authenticated, not stored. */
    byte[] wrap(byte[] dataKey, byte[] context);

    /**
     * Unwraps what {@link #wrap} made.
     *
     * @param wrappedBy the {@link #keyId} under which it was wrapped
     * @throws WrongKey if this provider's key, or the context, is another one
     */
    byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context);

    /**
     * The same provider, wrapping under a key that a user has named.
     *
     * @throws KeyServiceException if no key service is known that could have it
     */
    default KeyProvider under(Arn customerKey) {
        throw new KeyServiceException(
                "no key service is configured for it. Leave it out, and the vault is encrypted under the installation's own"
                        + " key; or name a service that has " + customerKey + " under 'kms' in the configuration.",
                false);
    }

    /** The key that a user has named, of what was wrapped under it; empty for what is wrapped under another one. */
    default Optional<Arn> customerKey(String wrappedBy) {
        return Optional.empty();
    }
}
