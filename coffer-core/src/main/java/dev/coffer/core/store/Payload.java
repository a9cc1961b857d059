package dev.coffer.core.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read more than once, so that a failed upload can start again. */
public interface Payload {
    /** How many bytes {@link #open} yields. */
    long size();

    /** The bytes from the start. The caller closes it. */
    InputStream open() throws IOException;

    /** The bytes of an array, which the caller does not change until the payload has been stored. */
    static Payload of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /** The first bytes of an array, which the caller does not change until the payload has been stored. */
    static Payload of(byte[] bytes, int length) {
        return new Payload() {
            @Override
            public long size() {
                return length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes, 0, length);
            }
        };
    }
}
