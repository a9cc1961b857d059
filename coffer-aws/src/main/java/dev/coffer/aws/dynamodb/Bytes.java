package dev.coffer.aws.dynamodb;

import java.util.Arrays;

/** Bytes that grow, and numbers written into them. Used by one thread. */
final class Bytes {
    private static final int SEVEN_BITS = 7;
    private static final int MORE = 0x80;

    private byte[] bytes;
    private int size;

    Bytes(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** What holds the bytes; only the first {@link #size} count. */
    byte[] array() {
        return bytes;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        int wanted = Math.addExact(size, more);
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }

    void put(int b) {
        room(1);
        bytes[size++] = (byte) b;
    }

    void put(byte[] more) {
        room(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    void putLong(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (value >>> shift));
        }
    }

    /** A number of at least 0 in groups of seven bits, the lowest first. */
    void putCount(int value) {
        int rest = value;
        while (rest >= MORE) {
            put((rest & (MORE - 1)) | MORE);
            rest >>>= SEVEN_BITS;
        }
        put(rest);
    }

    /** The length, then the bytes. */
    void putSized(byte[] value) {
        putCount(value.length);
        put(value);
    }

    /** Reads what the methods above have written. */
    static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        boolean atEnd() {
            return at >= end;
        }

        int get() {
            if (at >= end) {
                throw new IllegalArgumentException("the bytes end early");
            }
            return Byte.toUnsignedInt(bytes[at++]);
        }

        long getLong() {
            long value = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                value = value << Byte.SIZE | get();
            }
            return value;
        }

        int getCount() {
            int value = 0;
            for (int shift = 0; shift < Integer.SIZE; shift += SEVEN_BITS) {
                int next = get();
                value |= (next & (MORE - 1)) << shift;
                if (next < MORE) {
                    if (value < 0) {
                        break;
                    }
                    return value;
                }
            }
            throw new IllegalArgumentException("a length is out of bounds");
        }

        byte[] getSized() {
            int length = getCount();
            if (length > end - at) {
                throw new IllegalArgumentException("the bytes end early");
            }
            at += length;
            return Arrays.copyOfRange(bytes, at - length, at);
        }
    }
}
