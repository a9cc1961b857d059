package dev.coffer.repository;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A disk that takes no pack while it is full, and that cannot retain. */
class ClosedStore implements BlobStore {
    private final BlobStore inner;
    private final AtomicBoolean full;

    ClosedStore(BlobStore inner, AtomicBoolean full) {
        this.inner = inner;
        this.full = full;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.CONDITIONAL_CREATE);
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        if (full.get() && key.value().startsWith(BlobNames.PACKS)) {
            throw new StoreException.Unavailable("storage full", new IOException("ENOSPC"));
        }
        inner.create(key, payload);
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        return inner.open(key, range);
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        inner.list(prefix, visit);
    }

    @Override
    public void retain(BlobKey key, Instant until) {
        throw new StoreException.Unsupported(Capability.RETENTION);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        inner.delete(key);
    }
}
