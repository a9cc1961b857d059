package dev.coffer.repository.chunk;

import dev.coffer.repository.format.FormatParameters;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;

/**
 * Finds where content is cut: a rolling gear hash with a table that is secret to the vault. Up to the average size a cut needs two bits more than the average says, behind it two
 * bits less, which keeps sizes near the average. The state of one stream; used by one thread.
 */
public final class GearChunker {
    private final long[] gear;
    private final int min;
    private final int average;
    private final int max;
    private final long strictMask;
    private final long looseMask;
    private long hash;
    private int scanned;

    /** @param gear the vault's 256 numbers; shared, never changed */
    public GearChunker(long[] gear, FormatParameters parameters) {
        this.gear = gear;
        this.min = parameters.chunkMin();
        this.average = parameters.chunkAverage();
        this.max = parameters.chunkMax();
        int bits = Integer.numberOfTrailingZeros(parameters.chunkAverage());
        this.strictMask = -1L << (64 - bits - 2);
        this.looseMask = -1L << (64 - bits + 2);
    }

    /** The table from the bytes that the vault's keys derive for it. */
    public static long[] table(byte[] bytes) {
        var longs = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
        var table = new long[256];
        for (int i = 0; i < table.length; i++) {
            table[i] = (long) longs.get(bytes, i * Long.BYTES);
        }
        return table;
    }

    /** Begins a new chunk. */
    public void restart() {
        hash = 0;
        scanned = 0;
    }

    /** How many bytes of the present chunk have been looked at. */
    public int scanned() {
        return scanned;
    }

    /**
     * Looks at further bytes of the present chunk. Returns how many of them belong to it if it ends among them (and the next chunk begins), or -1 if it does not end.
     */
    public int scan(byte[] bytes, int from, int length) {
        int position = from;
        int end = from + length;
        if (scanned < min) {
            int skipped = Math.min(min - scanned, length);
            position += skipped;
            scanned += skipped;
        }
        int strictEnd = Math.min(end, position + Math.max(0, average - scanned));
        int cut = cut(bytes, position, strictEnd, strictMask);
        scanned += strictEnd - position;
        if (cut < 0) {
            int looseEnd = Math.min(end, strictEnd + Math.max(0, max - scanned));
            cut = cut(bytes, strictEnd, looseEnd, looseMask);
            scanned += looseEnd - strictEnd;
            if (cut < 0 && scanned >= max) {
                cut = looseEnd;
            }
        }
        if (cut < 0) {
            return -1;
        }
        restart();
        return cut - from;
    }

    /** Goes on with the hash until it fits the mask; returns the place behind that byte, or -1. */
    private int cut(byte[] bytes, int from, int end, long mask) {
        long h = hash;
        int position = from;
        // Two bytes at a time: the next hash waits for one shift and one sum in place of two of each.
        for (; position < end - 1; position += 2) {
            long first = gear[bytes[position] & 0xff];
            long second = gear[bytes[position + 1] & 0xff];
            if (((h << 1) + first & mask) == 0) {
                return position + 1;
            }
            h = (h << 2) + ((first << 1) + second);
            if ((h & mask) == 0) {
                return position + 2;
            }
        }
        if (position < end) {
            h = (h << 1) + gear[bytes[position] & 0xff];
            if ((h & mask) == 0) {
                return position + 1;
            }
        }
        hash = h;
        return -1;
    }
}
