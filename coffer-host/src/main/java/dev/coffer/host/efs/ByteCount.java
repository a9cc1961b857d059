package dev.coffer.host.efs;

import dev.coffer.core.connector.Activity;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of a job that are dealt with, told as they come. Safe for many threads. */
final class ByteCount {
    private final Activity activity;
    private final long totalBytes;
    private final AtomicLong done = new AtomicLong();

    /** A count towards a total; 0 if it is not known. */
    ByteCount(Activity activity, long totalBytes) {
        this.activity = activity;
        this.totalBytes = totalBytes;
    }

    private void add(long bytes) {
        long now = done.addAndGet(bytes);
        activity.progress(now, totalBytes == 0 ? 0 : Math.max(totalBytes, now));
    }

    long bytes() {
        return done.get();
    }

    /** Tells that all is done. */
    void end() {
        activity.progress(done.get(), done.get());
    }

    /** One item's share. Closed without {@link #settle}, it counts nothing. Used by one thread. */
    final class Share implements AutoCloseable {
        private long counted;

        void moved(long bytes) {
            counted += bytes;
            add(bytes);
        }

        /** The item is dealt with and has this size. */
        void settle(long size) {
            add(size - counted);
            counted = 0;
        }

        @Override
        public void close() {
            if (counted != 0) {
                add(-counted);
                counted = 0;
            }
        }
    }

    Share share() {
        return new Share();
    }
}
