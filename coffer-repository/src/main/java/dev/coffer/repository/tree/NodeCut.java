package dev.coffer.repository.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decides after which entry a node ends. The decision looks at a secret of the vault, the entry and the entry's encoded size, and at nothing before it, so that a change moves the nodes around
 * it only. An entry ends its node with a probability in proportion to its size: nodes are {@link #AVERAGE_BYTES} long in the mean.
 */
final class NodeCut {
    static final int AVERAGE_BYTES = 1 << 15;
    /** A node ends here whatever its entries say, unless it would have too few of them. */
    static final int MOST_BYTES = 128 << 10;

    private static final int SHIFT = 64 - 15;
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long seed;

    NodeCut(long seed) {
        this.seed = seed;
    }

    /** A number that stands for the bytes. */
    long hash(byte[] bytes, int length) {
        long hash = seed;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(bytes, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << 8 | Byte.toUnsignedLong(bytes[at]);
        }
        return mix(mix(hash ^ rest) ^ length);
    }

    /** Whether a node of the level ends after an entry with the hash and so many bytes. */
    static boolean endsAfter(long hash, int level, int bytes) {
        return mix(hash + GOLDEN * (level + 1)) >>> SHIFT < bytes;
    }

    /** The finaliser of SplitMix64: every bit of the result depends on every bit of the value. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
