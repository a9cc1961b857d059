package dev.coffer.core.store;

import java.io.InputStream;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Write-once bytes under string keys. A finished create is seen by every reader, an unfinished one by none. Safe for many threads. Faults are
 * {@link StoreException}s.
 */
public interface BlobStore {
    /** What the store enforces against every client. */
    Set<Capability> capabilities();

    /** Stores the payload durably under a free key; AlreadyExists, and no change, if the key is taken; what it holds is durable then, whoever made it. */
    void create(BlobKey key, Payload payload) throws InterruptedException;

    /** Opens exactly the range; NotFound or OutOfRange rather than fewer bytes. The caller closes it. */
    InputStream open(BlobKey key, ByteRange range) throws InterruptedException;

    /** Shows every blob whose key starts with the prefix in key order, until {@code visit} returns false. */
    void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException;

    /** The size of a blob; empty if there is none. */
    default OptionalLong size(BlobKey key) throws InterruptedException {
        var found = new AtomicReference<>(OptionalLong.empty());
        list(key.value(), info -> {
            if (info.key().equals(key)) {
                found.set(OptionalLong.of(info.size()));
            }
            return false;
        });
        return found.get();
    }

    /** Forbids deletion until the moment; a later moment than before extends, an earlier one changes nothing. */
    void retain(BlobKey key, Instant until) throws InterruptedException;

    /** Deletes the blob; absent counts as done. Retained while {@code retain} forbids it. */
    void delete(BlobKey key) throws InterruptedException;
}
