package dev.coffer.wire.sigv4;

import dev.coffer.wire.error.WireError;
import java.time.Instant;

/**
 * The outcome of a verification.
 *
 * @param <P> whom a key stands for
 */
public sealed interface Verification<P> {
    /**
     * The request is from the holder of the key, unchanged and recent. It may still be a repeat: the pair of access key
     * and signature identifies it, for as long as {@link SigV4.Settings#skewAtMost} after {@code signedAt}.
     *
     * @param service the name that the credential is scoped to, one of {@link SigV4.Settings#services}
     * @param signature 64 hexadecimal digits
     * @param signedAt the time that the client signed
     */
    record Verified<P>(
            P principal, String accessKeyId, String region, String service, String signature, Instant signedAt)
            implements Verification<P> {}

    /** The request must not be served; the error is the answer. */
    record Refused<P>(WireError error) implements Verification<P> {}
}
