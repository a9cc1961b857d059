package dev.coffer.testkit.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A store whose next calls throw what a test has queued, each at its moment, one for each call; with nothing queued, calls go through. A listing that fails {@link StoreMoment#HALFWAY} has shown
 * its first blob. Safe for many threads.
 */
public final class FaultyBlobStore implements BlobStore {
    private record Fault(StoreException exception, StoreMoment moment) {}

    private final BlobStore store;
    private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong calls = new AtomicLong();

    public FaultyBlobStore(BlobStore store) {
        this.store = store;
    }

    /** Queues a fault for a call to come. */
    public void failNext(StoreException exception, StoreMoment moment) {
        faults.add(new Fault(exception, moment));
    }

    /** How many calls were made, the failed ones included. */
    public long calls() {
        return calls.get();
    }

    private interface Call {
        void run() throws InterruptedException;
    }

    private void run(Call call, Call torn) throws InterruptedException {
        calls.incrementAndGet();
        var fault = Optional.ofNullable(faults.poll());
        if (fault.isEmpty()) {
            call.run();
            return;
        }
        switch (fault.get().moment()) {
            case BEFORE -> {}
            case HALFWAY -> torn.run();
            case AFTER -> call.run();
        }
        throw fault.get().exception();
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        run(() -> store.create(key, payload), () -> {
            try {
                store.create(key, new TornPayload(payload));
            } catch (StoreException.Unavailable torn) {
                // The queued fault is thrown instead.
            }
        });
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        run(() -> {}, () -> {});
        return store.open(key, range);
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        run(
                () -> store.list(prefix, visit),
                () -> store.list(prefix, info -> {
                    var _ = visit.test(info);
                    return false;
                }));
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        run(() -> store.retain(key, until), () -> {});
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        run(() -> store.delete(key), () -> {});
    }
}
