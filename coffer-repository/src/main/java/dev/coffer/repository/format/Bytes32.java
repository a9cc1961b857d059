package dev.coffer.repository.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Thirty-two bytes as a value: a chunk id, a digest, a salt. The order is that of the bytes, unsigned. */
public record Bytes32(long first, long second, long third, long fourth) implements Comparable<Bytes32> {
    /** How many bytes. */
    public static final int LENGTH = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** The 32 bytes that begin at the offset. */
    public static Bytes32 of(byte[] bytes, int offset) {
        return new Bytes32(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /** The value with the 64 hexadecimal digits; IllegalArgumentException if it is not that. */
    public static Bytes32 ofHex(String hex) {
        var bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("not 32 bytes");
        }
        return of(bytes, 0);
    }

    /** Puts the 32 bytes at the offset. */
    public void putInto(byte[] bytes, int offset) {
        LONG.set(bytes, offset, first);
        LONG.set(bytes, offset + 8, second);
        LONG.set(bytes, offset + 16, third);
        LONG.set(bytes, offset + 24, fourth);
    }

    public byte[] toBytes() {
        var bytes = new byte[LENGTH];
        putInto(bytes, 0);
        return bytes;
    }

    @Override
    public int hashCode() {
        // The bytes are digests, so any part of them is as good as a hash of all.
        return Long.hashCode(second);
    }

    @Override
    public int compareTo(Bytes32 other) {
        int order = Long.compareUnsigned(first, other.first);
        if (order == 0) {
            order = Long.compareUnsigned(second, other.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third, other.third);
        }
        return order == 0 ? Long.compareUnsigned(fourth, other.fourth) : order;
    }

    /** The 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
