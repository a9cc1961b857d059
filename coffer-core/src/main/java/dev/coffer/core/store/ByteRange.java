package dev.coffer.core.store;

/** {@code length} bytes from {@code offset} on. */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("a range begins and ends inside a file: " + offset + " +" + length);
        }
    }

    /** The offset behind the last byte. */
    public long end() {
        return offset + length;
    }
}
