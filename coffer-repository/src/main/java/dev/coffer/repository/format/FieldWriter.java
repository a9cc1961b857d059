package dev.coffer.repository.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects fields in a growing array: big-endian numbers, numbers in groups of seven bits, bytes and text with their lengths. */
public final class FieldWriter {
    private byte[] bytes;
    private int length;

    public FieldWriter(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }

    public FieldWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public FieldWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public FieldWriter u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    public FieldWriter i64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    /** A number that is not negative, in groups of seven bits, the lowest first; the top bit says that another group follows. */
    public FieldWriter varint(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a negative number has no place in this field");
        }
        long rest = value;
        while (rest > 0x7f) {
            u8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    public FieldWriter hash(Bytes32 value) {
        room(Bytes32.LENGTH);
        value.putInto(bytes, length);
        length += Bytes32.LENGTH;
        return this;
    }

    /** Bytes without their length. */
    public FieldWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    public FieldWriter raw(byte[] value, int offset, int count) {
        room(count);
        System.arraycopy(value, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Bytes behind their length. */
    public FieldWriter sized(byte[] value) {
        return varint(value.length).raw(value);
    }

    /** Text in UTF-8 behind its length in bytes. */
    public FieldWriter text(String value) {
        return sized(value.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    /** Forgets all fields and keeps the array. */
    public void clear() {
        length = 0;
    }

    /** The array that holds the fields; valid until the next field. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
