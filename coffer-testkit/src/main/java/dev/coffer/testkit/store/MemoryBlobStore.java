package dev.coffer.testkit.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A blob store in memory with both capabilities, for tests. Beside the port it has a back door, by which a test looks at blobs, damages them or loses them; that door heeds no retention. Safe for
 * many threads.
 */
public final class MemoryBlobStore implements BlobStore {
    private static final int BUFFER = 64 << 10;

    private static final class Blob {
        private final byte[] bytes;
        private final Instant retainedUntil;

        Blob(byte[] bytes, Instant retainedUntil) {
            this.bytes = bytes;
            this.retainedUntil = retainedUntil;
        }
    }

    private final InstantSource clock;
    private final ConcurrentSkipListMap<String, Blob> blobByKey = new ConcurrentSkipListMap<>();

    /** A store without blobs. The clock says when a retention ends. */
    public MemoryBlobStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.CONDITIONAL_CREATE, Capability.RETENTION);
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        stopIfInterrupted();
        if (blobByKey.containsKey(key.value())) {
            throw new StoreException.AlreadyExists(key);
        }
        var blob = new Blob(bytes(key, payload), Instant.MIN);
        if (blobByKey.putIfAbsent(key.value(), blob) != null) {
            throw new StoreException.AlreadyExists(key);
        }
    }

    private static byte[] bytes(BlobKey key, Payload payload) throws InterruptedException {
        var collected = new ByteArrayOutputStream();
        try (var in = payload.open()) {
            var buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                stopIfInterrupted();
                collected.write(buffer, 0, count);
            }
            if (collected.size() != payload.size()) {
                throw new IOException("the payload yielded " + collected.size() + " bytes, not " + payload.size());
            }
        } catch (IOException failure) {
            throw new StoreException.Unavailable(
                    "blob " + key + " cannot be written: " + failure.getMessage(), failure);
        }
        return collected.toByteArray();
    }

    private Blob find(BlobKey key) {
        return Optional.ofNullable(blobByKey.get(key.value())).orElseThrow(() -> new StoreException.NotFound(key));
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        stopIfInterrupted();
        var bytes = find(key).bytes;
        if (range.end() > bytes.length) {
            throw new StoreException.OutOfRange(key, range, bytes.length);
        }
        return new ByteArrayInputStream(bytes, (int) range.offset(), (int) range.length());
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
        stopIfInterrupted();
        for (var entry : blobByKey.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                return;
            }
            var info = new BlobInfo(new BlobKey(entry.getKey()), entry.getValue().bytes.length);
            if (!visit.test(info)) {
                return;
            }
        }
    }

    @Override
    public void retain(BlobKey key, Instant until) throws InterruptedException {
        stopIfInterrupted();
        change(key, blob -> until.isAfter(blob.retainedUntil) ? new Blob(blob.bytes, until) : blob);
    }

    @Override
    public void delete(BlobKey key) throws InterruptedException {
        stopIfInterrupted();
        blobByKey.computeIfPresent(key.value(), (name, blob) -> {
            if (clock.instant().isBefore(blob.retainedUntil)) {
                throw new StoreException.Retained(key);
            }
            return null;
        });
    }

    private void change(BlobKey key, UnaryOperator<Blob> change) {
        if (blobByKey.computeIfPresent(key.value(), (name, blob) -> change.apply(blob)) == null) {
            throw new StoreException.NotFound(key);
        }
    }

    /** Exclusive-ors the byte at the position with the mask; NotFound for an absent key. A mask of zero is refused, since it damages nothing. */
    public void damage(BlobKey key, int position, int mask) {
        if ((mask & 0xff) == 0) {
            throw new IllegalArgumentException("this mask changes nothing");
        }
        change(key, blob -> {
            var damaged = blob.bytes.clone();
            damaged[position] ^= (byte) mask;
            return new Blob(damaged, blob.retainedUntil);
        });
    }

    /** Cuts the blob to its first bytes; NotFound for an absent key. */
    public void truncate(BlobKey key, int length) {
        change(key, blob -> {
            if (length < 0 || length >= blob.bytes.length) {
                throw new IllegalArgumentException("this length cuts nothing off");
            }
            return new Blob(Arrays.copyOf(blob.bytes, length), blob.retainedUntil);
        });
    }

    /** Makes the blob what the bytes say, whether or not there was one. */
    public void put(BlobKey key, byte[] bytes) {
        blobByKey.put(key.value(), new Blob(bytes.clone(), Instant.MIN));
    }

    /** Removes the blob whatever retains it; NotFound for an absent key. */
    public void lose(BlobKey key) {
        if (blobByKey.remove(key.value()) == null) {
            throw new StoreException.NotFound(key);
        }
    }

    /** A copy of the blob's bytes; NotFound for an absent key. */
    public byte[] bytes(BlobKey key) {
        return find(key).bytes.clone();
    }

    /** The end of the blob's retention; empty if none was ever asked for. NotFound for an absent key. */
    public Optional<Instant> retainedUntil(BlobKey key) {
        return Optional.of(find(key).retainedUntil).filter(until -> !until.equals(Instant.MIN));
    }

    /** The keys of all blobs, in key order. */
    public SortedSet<BlobKey> keys() {
        var keys = new TreeSet<BlobKey>();
        blobByKey.keySet().forEach(key -> keys.add(new BlobKey(key)));
        return keys;
    }

    /** Another store with the same blobs, retentions and clock; neither sees what later happens to the other. */
    public MemoryBlobStore copy() {
        var copy = new MemoryBlobStore(clock);
        copy.blobByKey.putAll(blobByKey);
        return copy;
    }
}
