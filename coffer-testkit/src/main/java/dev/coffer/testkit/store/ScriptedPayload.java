package dev.coffer.testkit.store;

import dev.coffer.core.store.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pseudo-random bytes that are made as they are read, in pieces of changing size. A script runs before each piece. Counts the streams that nobody has closed.
 */
final class ScriptedPayload implements Payload {
    /** What happens before the piece at a place is yielded. */
    @FunctionalInterface
    interface Script {
        void before(int place, Thread reader) throws IOException;
    }

    private final int length;
    private final int claimed;
    private final long seed;
    private final Script script;
    private final AtomicInteger open = new AtomicInteger();

    ScriptedPayload(int length, long seed, Script script) {
        this(length, length, seed, script);
    }

    private ScriptedPayload(int length, int claimed, long seed, Script script) {
        this.length = length;
        this.claimed = claimed;
        this.seed = seed;
        this.script = script;
    }

    /** The same bytes under a size that is another one. */
    ScriptedPayload claiming(int size) {
        return new ScriptedPayload(length, size, seed, script);
    }

    int streamsLeftOpen() {
        return open.get();
    }

    @Override
    public long size() {
        return claimed;
    }

    private byte at(int place) {
        long mixed = (place + seed) * 0x9e3779b97f4a7c15L;
        return (byte) (mixed >>> 56);
    }

    @Override
    public InputStream open() {
        open.incrementAndGet();
        return new InputStream() {
            private int place;
            private boolean closed;

            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] bytes, int offset, int most) throws IOException {
                Objects.checkFromIndexSize(offset, most, bytes.length);
                if (most == 0) {
                    return 0;
                }
                script.before(place, Thread.currentThread());
                if (place == length) {
                    return -1;
                }
                int piece = Math.min(Math.min(most, 1 + place * 31 % 50_021), length - place);
                for (int i = 0; i < piece; i++) {
                    bytes[offset + i] = at(place++);
                }
                return piece;
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    open.decrementAndGet();
                }
            }
        };
    }
}
