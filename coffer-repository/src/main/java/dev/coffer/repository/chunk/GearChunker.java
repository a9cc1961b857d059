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
        long h = hash;
        int strictEnd = Math.min(end, position + Math.max(0, average - scanned));
        int begin = position;
        while (position < strictEnd) {
            h = (h << 1) + gear[bytes[position++] & 0xff];
            if ((h & strictMask) == 0) {
                restart();
                return position - from;
            }
        }
        scanned += position - begin;
        begin = position;
        int looseEnd = Math.min(end, position + Math.max(0, max - scanned));
        while (position < looseEnd) {
            h = (h << 1) + gear[bytes[position++] & 0xff];
            if ((h & looseMask) == 0) {
                restart();
                return position - from;
            }
        }
        scanned += position - begin;
        if (scanned >= max) {
            restart();
            return position - from;
        }
        hash = h;
        return -1;
    }
}
