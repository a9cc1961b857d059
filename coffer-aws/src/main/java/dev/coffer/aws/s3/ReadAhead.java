package dev.coffer.aws.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
    private final Deque<Reading> readings = new ArrayDeque<>();
    private long asked;
    private boolean givenOut;

    /** Reads a range. Called from many threads. */
    @FunctionalInterface
    interface Source {
        byte[] read(long from, int length) throws InterruptedException;
    }

    private record Reading(FutureTask<byte[]> task, Thread thread) {}

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
        var bytes = result(readings.getFirst());
        readings.removeFirst();
        givenOut = true;
        return bytes;
    }

    private void begin() {
        long from = asked;
        int length = (int) Math.min(ObjectReader.RANGE_BYTES, size - from);
        var task = new FutureTask<>(() -> source.read(from, length));
        var thread = Thread.ofVirtual().name("range").unstarted(task);
        readings.addLast(new Reading(task, thread));
        asked += length;
        thread.start();
    }

    private static byte[] result(Reading reading) throws InterruptedException {
        try {
            return reading.task().get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case InterruptedException stopped -> throw stopped;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
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
        readings.forEach(reading -> reading.thread().interrupt());
        boolean interrupted = false;
        for (var reading : readings) {
            while (reading.thread().isAlive()) {
                try {
                    reading.thread().join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            buffers.release();
        }
        readings.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
