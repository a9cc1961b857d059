package dev.coffer.repository;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;

/** Lets a test act when a blob has just been created, and keeps some from being deleted. */
record HookedStore(BlobStore inner, Hook hook, Predicate<BlobKey> stuck) implements BlobStore {
    HookedStore(BlobStore inner, Hook hook) {
        this(inner, hook, _ -> false);
    }

    interface Hook {
        void created(BlobKey key) throws InterruptedException;
    }

    @Override
    public Set<Capability> capabilities() {
        return inner.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        inner.create(key, payload);
        hook.created(key);
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
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        inner.retain(key, until);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        if (stuck.test(key)) {
            throw new StoreException.Unavailable("the disk does not answer", new IOException("EIO"));
        }
        inner.delete(key);
    }
}
