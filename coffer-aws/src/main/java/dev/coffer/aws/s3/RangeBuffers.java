package dev.coffer.aws.s3;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The memory for pieces of large contents, shared by all jobs: a bounded number of buffers, which are used again as long as any is in use, and of contents that are read ahead out of a vault. Waiting is fair. Safe for many threads.
 */
final class RangeBuffers {
    /** What a buffer holds. */
    static final int BYTES = 8 << 20;

    private static final int CONTENTS_AT_ONCE = 4;

    private final int count;
    private final Semaphore free;
    private final Semaphore contents = new Semaphore(CONTENTS_AT_ONCE, true);
    private final Deque<byte[]> spare = new ArrayDeque<>();

    RangeBuffers(int count) {
        this.count = count;
        this.free = new Semaphore(count, true);
    }

    /** A buffer, when one is free. It holds what somebody has left in it. */
    byte[] take() throws InterruptedException {
        free.acquire();
        return buffer();
    }

    /** A buffer, if one is free now. */
    Optional<byte[]> tryTake() {
        return free.tryAcquire() ? Optional.of(buffer()) : Optional.empty();
    }

    private byte[] buffer() {
        synchronized (spare) {
            var used = spare.poll();
            return used == null ? new byte[BYTES] : used;
        }
    }

    /** Takes a buffer back. When none is in use, their memory is free for others. */
    void giveBack(byte[] buffer) {
        synchronized (spare) {
            spare.push(buffer);
            free.release();
            if (free.availablePermits() == count) {
                spare.clear();
            }
        }
    }

    /** Waits until one more content may be read ahead out of a vault. */
    void beginContent() throws InterruptedException {
        contents.acquire();
    }

    /** Says that a content is no longer read. */
    void endContent() {
        contents.release();
    }
}
