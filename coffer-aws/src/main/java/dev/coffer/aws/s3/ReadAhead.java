package dev.coffer.aws.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/**
 * Reads a large content by ranges, some of them ahead, and gives them in order. A range holds a permit of the buffers until the next one is asked for; one range is always being read, so that readers cannot keep each other from going
 * on. Used by one thread.
 */
final class ReadAhead implements AutoCloseable {
    private static final int AHEAD = 4;

    private final Semaphore buffers;
    private final long size;
    private final Source source;
    private final Deque<Underway<byte[]>> readings = new ArrayDeque<>();
    private long asked;
    private boolean givenOut;

    /** Reads a range. Called from many threads. */
    @FunctionalInterface
    interface Source {
        byte[] read(long from, int length) throws InterruptedException;
    }

    ReadAhead(Semaphore buffers, long size, Source source) {
        this.buffers = buffers;
        this.size = size;
        this.source = source;
    }

    boolean hasNext() {
        return asked < size || !readings.isEmpty();
    }

    /** The next range; the one before must not be used any more. */
    byte[] next() throws InterruptedException {
        giveBack();
        if (readings.isEmpty()) {
            buffers.acquire();
            begin();
        }
        while (readings.size() < AHEAD && asked < size && buffers.tryAcquire()) {
            begin();
        }
        var bytes = readings.getFirst().get();
        readings.removeFirst();
        givenOut = true;
        return bytes;
    }

    private void begin() {
        long from = asked;
        int length = (int) Math.min(ObjectReader.RANGE_BYTES, size - from);
        readings.addLast(new Underway<>("range", () -> source.read(from, length)));
        asked += length;
    }

    private void giveBack() {
        if (givenOut) {
            givenOut = false;
            buffers.release();
        }
    }

    /** Interrupts what is being read and waits for its end. */
    @Override
    public void close() {
        giveBack();
        readings.forEach(Underway::interrupt);
        for (var reading : readings) {
            reading.close();
            buffers.release();
        }
        readings.clear();
    }
}
