package dev.coffer.testkit.format;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The fields of the first paragraph of the format's page. */
final class PlainFields {
    static final int HASH = 32;

    private final ByteBuffer bytes;
    private final String what;

    PlainFields(byte[] bytes, String what) {
        this.bytes = ByteBuffer.wrap(bytes);
        this.what = what;
    }

    private interface Read<T> {
        T of(ByteBuffer bytes);
    }

    private <T> T checked(Read<T> read) {
        try {
            return read.of(bytes);
        } catch (BufferUnderflowException cut) {
            throw new BrokenVault(what + " ends early", cut);
        }
    }

    BrokenVault broken(String rule) {
        return new BrokenVault(what + ": " + rule);
    }

    int left() {
        return bytes.remaining();
    }

    void end() {
        if (bytes.hasRemaining()) {
            throw broken(bytes.remaining() + " bytes are left over");
        }
    }

    int u8() {
        return checked(ByteBuffer::get) & 0xff;
    }

    int u16() {
        return checked(ByteBuffer::getShort) & 0xffff;
    }

    long u32() {
        return checked(ByteBuffer::getInt) & 0xffff_ffffL;
    }

    long i64() {
        return checked(ByteBuffer::getLong);
    }

    long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int some = u8();
            if (shift == 63 || (some == 0 && shift > 0)) {
                throw broken("a varint is too long");
            }
            value |= (long) (some & 0x7f) << shift;
            if (some < 0x80) {
                return value;
            }
        }
    }

    /** A count or length, of which each takes a byte at least. */
    int count() {
        long count = varint();
        if (count > bytes.remaining()) {
            throw broken("a count of " + count + " with " + bytes.remaining() + " bytes left");
        }
        return (int) count;
    }

    byte[] raw(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw broken("it ends early");
        }
        var some = new byte[length];
        bytes.get(some);
        return some;
    }

    String hash() {
        return java.util.HexFormat.of().formatHex(raw(HASH));
    }

    byte[] sized() {
        return raw(count());
    }

    String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(sized()))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new BrokenVault(what + ": a text is not UTF-8", notText);
        }
    }

    UUID uuid() {
        return new UUID(i64(), i64());
    }

    Instant time() {
        long seconds = i64();
        long nanos = u32();
        if (nanos >= 1_000_000_000L) {
            throw broken("a second has no so many nanoseconds");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    Map<String, String> map() {
        int count = count();
        var map = new TreeMap<String, String>();
        for (int i = 0; i < count; i++) {
            var key = text();
            if (map.put(key, text()) != null) {
                throw broken("a key of a map stands twice");
            }
        }
        return map;
    }
}
