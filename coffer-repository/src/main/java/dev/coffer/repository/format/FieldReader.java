package dev.coffer.repository.format;

import dev.coffer.core.repository.RepositoryException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads fields from bytes that nobody vouches for. Every field is checked against what is left before anything is made for it; a broken rule raises Corrupt with the place and the rule.
 */
public final class FieldReader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String what;
    private int position;

    /** @param what names the structure in messages */
    public FieldReader(byte[] bytes, int offset, int length, String what) {
        this.bytes = bytes;
        this.start = offset;
        this.position = offset;
        this.end = offset + length;
        this.what = what;
    }

    public FieldReader(byte[] bytes, String what) {
        this(bytes, 0, bytes.length, what);
    }

    /** What to throw when a rule is broken here. */
    public RepositoryException.Corrupt broken(String rule) {
        return new RepositoryException.Corrupt(what + ", byte " + (position - start) + ": " + rule);
    }

    private void need(long count) {
        if (count < 0 || count > end - position) {
            throw broken("a field of " + count + " bytes does not fit");
        }
    }

    public int remaining() {
        return end - position;
    }

    /** The place in the array that the next field begins at. */
    public int position() {
        return position;
    }

    public int u8() {
        need(1);
        return Byte.toUnsignedInt(bytes[position++]);
    }

    public int u16() {
        need(2);
        return u8() << 8 | u8();
    }

    public int i32() {
        need(4);
        return u16() << 16 | u16();
    }

    /** A number of 32 bits that is not negative. */
    public int size32() {
        int value = i32();
        if (value < 0) {
            throw broken("a size is too large");
        }
        return value;
    }

    public long i64() {
        need(8);
        return ((long) i32() << 32) | Integer.toUnsignedLong(i32());
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int group = u8();
            value |= (long) (group & 0x7f) << shift;
            if (group < 0x80) {
                if (group == 0 && shift > 0) {
                    throw broken("a number is longer than it needs to be");
                }
                return value;
            }
        }
        throw broken("a number is too long");
    }

    /** A number of at most {@code most}. */
    public int varint(int most) {
        long value = varint();
        if (value > most) {
            throw broken("a number is above " + most);
        }
        return (int) value;
    }

    public Bytes32 hash() {
        need(Bytes32.LENGTH);
        var value = Bytes32.of(bytes, position);
        position += Bytes32.LENGTH;
        return value;
    }

    public byte[] raw(int count) {
        need(count);
        var value = Arrays.copyOfRange(bytes, position, position + count);
        position += count;
        return value;
    }

    /** Whether these bytes come next. */
    public boolean isNext(byte[] expected) {
        return expected.length <= remaining()
                && Arrays.equals(bytes, position, position + expected.length, expected, 0, expected.length);
    }

    public void skip(int count) {
        need(count);
        position += count;
    }

    /** Bytes behind their length. */
    public byte[] sized() {
        return raw(varint(remaining()));
    }

    /** Text behind its length; Corrupt if it is not UTF-8. */
    public String text() {
        var value = sized();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw broken("text is not UTF-8");
        }
    }

    /** A part of the same bytes, read on its own. */
    public FieldReader part(int count) {
        need(count);
        var part = new FieldReader(bytes, position, count, what);
        position += count;
        return part;
    }

    /** Corrupt unless all has been read. */
    public void end() {
        if (position != end) {
            throw broken((end - position) + " bytes are left over");
        }
    }
}
