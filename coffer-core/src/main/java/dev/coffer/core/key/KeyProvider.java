package dev.coffer.core.key;

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
}
