package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class BlobsTest {
    private static final BlobKey KEY = new BlobKey("points/one");

    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));

    @Test
    void aBlobIsReadWholeUpToItsLongestLengthAndNotBeyond() throws Exception {
        store.put(KEY, new byte[] {1, 2, 3});
        assertThat(Blobs.readAll(store, KEY, 3))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2, 3));
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(() -> Blobs.readAll(store, KEY, 2))
                .withMessageContaining("points/one has 3 bytes");
        assertThat(Blobs.readAll(store, new BlobKey("points/two"), 3)).isEmpty();
    }

    @Test
    void aStoreThatEndsABlobEarlyIsUnavailableAndItsBytesAreNoBlob() throws Exception {
        store.put(KEY, new byte[] {1, 2, 3});
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> Blobs.readAll(new CuttingStore(store), KEY, 9))
                .withMessageContaining("ended early");
    }

    @Test
    void aBlobThatGoesBetweenItsSizeAndItsBytesIsNone() throws Exception {
        store.put(KEY, new byte[] {1, 2, 3});
        var vanishing = new CuttingStore(store) {
            @Override
            public InputStream open(BlobKey key, ByteRange range) {
                throw new StoreException.NotFound(key);
            }
        };
        assertThat(Blobs.readAll(vanishing, KEY, 9)).isEmpty();
    }

    /** Yields a byte less than it was asked for. */
    private static class CuttingStore implements BlobStore {
        private final BlobStore inner;

        CuttingStore(BlobStore inner) {
            this.inner = inner;
        }

        @Override
        public Set<Capability> capabilities() {
            return inner.capabilities();
        }

        @Override
        public void create(BlobKey key, Payload payload) throws InterruptedException {
            inner.create(key, payload);
        }

        @Override
        public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
            return new ByteArrayInputStream(new byte[(int) range.length() - 1]);
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
            inner.delete(key);
        }
    }
}
