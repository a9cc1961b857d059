package dev.coffer.repository.read;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Arrays that are used again. What a restore reads lives just long enough to be in the collector's way, and its large arrays would be most of what the collector has to move. For any number of
 * threads.
 */
final class SpareArrays {
    /** Smaller ones cost less to make than to find. */
    private static final int SMALLEST = 64 << 10;

    private final long bytesAtMost;
    // By their length, a power of two; guarded by this.
    private final Map<Integer, ArrayDeque<byte[]>> spare = new HashMap<>();
    private long bytes;

    /** @param bytesAtMost how much it keeps that nobody uses */
    SpareArrays(long bytesAtMost) {
        this.bytesAtMost = bytesAtMost;
    }

    /** An array of at least that length. */
    byte[] take(int length) {
        if (length < SMALLEST) {
            return new byte[length];
        }
        int rounded = Math.max(length, Integer.highestOneBit(length - 1) << 1);
        synchronized (this) {
            var fitting = spare.get(rounded);
            if (fitting != null && !fitting.isEmpty()) {
                bytes -= rounded;
                return fitting.pop();
            }
        }
        return new byte[rounded];
    }

    /** Takes back an array that {@link #take} gave. */
    synchronized void giveBack(byte[] array) {
        if (array.length >= SMALLEST && bytes + array.length <= bytesAtMost) {
            bytes += array.length;
            spare.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
        }
    }
}
