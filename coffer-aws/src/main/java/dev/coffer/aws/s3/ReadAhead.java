package dev.coffer.aws.s3;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reads a large content by ranges, some of them ahead, and gives them in order. One range is always being read, so that readers cannot keep each other from going on. Used by one thread.
 */
final class ReadAhead implements AutoCloseable {
    private static final int AHEAD = 4;

    private final RangeBuffers buffers;
    private final long size;
    private final Source source;
    private final Deque<Reading> readings = new ArrayDeque<>();
    private Optional<byte[]> givenOut = Optional.empty();
    private long asked;

    /** Reads a range into the beginning of the buffer. Called from many threads. */
    @FunctionalInterface
    interface Source {
        void read(long from, byte[] buffer, int length) throws InterruptedException;
    }

    private final class Reading {
        private final byte[] buffer;
        private final int length;
        private final Underway<Boolean> done;

        Reading(long from, byte[] buffer, int length) {
            this.buffer = buffer;
            this.length = length;
            this.done = new Underway<>("range", () -> {
                source.read(from, buffer, length);
                return true;
            });
        }
    }

    ReadAhead(RangeBuffers buffers, long size, Source source) {
        this.buffers = buffers;
        this.size = size;
        this.source = source;
    }

    boolean hasNext() {
        return asked < size || !readings.isEmpty();
    }

    /** The next range; the one before must not be used any more. */
    ByteBuffer next() throws InterruptedException {
        giveBack();
        if (readings.isEmpty()) {
            begin(buffers.take());
        }
        while (readings.size() < AHEAD && asked < size) {
            var buffer = buffers.tryTake();
            if (buffer.isEmpty()) {
                break;
            }
            begin(buffer.get());
        }
        readings.getFirst().done.get();
        var range = readings.removeFirst();
        givenOut = Optional.of(range.buffer);
        return ByteBuffer.wrap(range.buffer, 0, range.length);
    }

    private void begin(byte[] buffer) {
        int length = (int) Math.min(buffer.length, size - asked);
        readings.addLast(new Reading(asked, buffer, length));
        asked += length;
    }

    private void giveBack() {
        givenOut.ifPresent(buffers::giveBack);
        givenOut = Optional.empty();
    }

    /** Interrupts what is being read and waits for its end. */
    @Override
    public void close() {
        giveBack();
        readings.forEach(reading -> reading.done.interrupt());
        for (var reading : readings) {
            reading.done.close();
            buffers.giveBack(reading.buffer);
        }
        readings.clear();
    }
}
