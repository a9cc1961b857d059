package dev.coffer.testkit.store;

import dev.coffer.core.store.Payload;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Yields the first half of another payload and then fails, as a sender does that is cut off. */
record TornPayload(Payload whole) implements Payload {
    @Override
    public long size() {
        return whole.size();
    }

    @Override
    public InputStream open() throws IOException {
        return new FilterInputStream(whole.open()) {
            private long left = whole.size() / 2;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("cut off in the middle");
                }
                int count = super.read(bytes, offset, (int) Math.min(length, left));
                left -= Math.max(0, count);
                return count;
            }
        };
    }
}
