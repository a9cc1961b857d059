package dev.coffer.wire.sigv4;

import java.util.Optional;

/**
 * Where access keys are looked up. Called for every request that is well formed, before its signature is known to be
 * right, by many threads at once; it must answer from memory or one short read.
 *
 * @param <P> whom a key stands for; passed through untouched
 */
public interface SigningKeys<P> {
    /**
     * The secret of this access key.
     *
     * @param sessionToken the token that came with the request. A temporary key with no token or another one is
     *     {@link Lookup.Unknown}, and so is a long-lived key with a token
     */
    Lookup<P> find(String accessKeyId, Optional<String> sessionToken);

    /** What is known of an access key. */
    sealed interface Lookup<P> {
        record Known<P>(SigningSecret secret, P principal) implements Lookup<P> {}

        record Unknown<P>() implements Lookup<P> {}

        /** The session has ended; answered with ExpiredTokenException. */
        record Expired<P>() implements Lookup<P> {}
    }
}
