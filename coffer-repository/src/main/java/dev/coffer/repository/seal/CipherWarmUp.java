package dev.coffer.repository.seal;

import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the virtual machine compile AES-GCM before the first large buffer. A few large calls never leave the interpreter, which holds them near 45 MB/s; some thousand small calls first
 * bring the same code to 2 GB/s.
 */
public final class CipherWarmUp {
    private static final int CALLS = 2_000;
    private static final int BYTES = 2 << 10;

    private CipherWarmUp() {}

    /** Takes a fraction of a second. */
    public static void run() {
        var sealer = new SegmentSealer(BYTES);
        // Nothing is protected by this key: it seals zeros that are thrown away.
        var key = new SecretKeySpec(new byte[32], "AES");
        var context = new byte[16];
        var plain = new byte[BYTES];
        var sealed = new byte[BYTES + SegmentSealer.TAG_BYTES];
        for (int call = 0; call < CALLS; call++) {
            sealer.seal(key, context, call, plain, 0, BYTES, sealed, 0);
            sealer.open(key, context, call, sealed, 0, sealed.length, plain, 0);
        }
    }
}
