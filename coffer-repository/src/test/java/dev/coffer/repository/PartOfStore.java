package dev.coffer.repository;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;

/** What lies below a prefix of another store, so that a process that uses two stores ends at one call of either. */
record PartOfStore(BlobStore whole, String prefix) implements BlobStore {
    private BlobKey inWhole(BlobKey key) {
        return new BlobKey(prefix + "/" + key);
    }

    @Override
    public Set<Capability> capabilities() {
        return whole.capabilities();
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        whole.create(inWhole(key), payload);
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        return whole.open(inWhole(key), range);
    }

    @Override
    public void list(String keys, Predicate<BlobInfo> visit) throws InterruptedException {
        whole.list(
                prefix + "/" + keys,
                info -> visit.test(
                        new BlobInfo(new BlobKey(info.key().value().substring(prefix.length() + 1)), info.size())));
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        whole.retain(inWhole(key), until);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        whole.delete(inWhole(key));
    }
}
