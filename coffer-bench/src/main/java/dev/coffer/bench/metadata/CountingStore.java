package dev.coffer.bench.metadata;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A store that counts what is read from another one, and written to it. */
final class CountingStore implements BlobStore {
    private final BlobStore inner;
    private final Counts counts;

    /** What was done so far, by any number of stores. */
    static final class Counts {
        final AtomicLong ranges = new AtomicLong();
        final AtomicLong bytesRead = new AtomicLong();
        final AtomicLong bytesWritten = new AtomicLong();
        final Set<BlobKey> blobs = ConcurrentHashMap.newKeySet();

        void reset() {
            ranges.set(0);
            bytesRead.set(0);
            bytesWritten.set(0);
            blobs.clear();
        }
    }

    CountingStore(BlobStore inner, Counts counts) {
        this.inner = inner;
        this.counts = counts;
    }

    @Override
    public Set<Capability> capabilities() {
        return inner.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        counts.bytesWritten.addAndGet(payload.size());
        inner.create(key, payload);
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        counts.ranges.incrementAndGet();
        counts.bytesRead.addAndGet(range.length());
        counts.blobs.add(key);
        return inner.open(key, range);
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        inner.list(prefix, visit);
    }

    @Override
    public OptionalLong size(BlobKey key) throws InterruptedException {
        return inner.size(key);
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        inner.retain(key, until);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        inner.delete(key);
    }
}
