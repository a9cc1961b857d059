package dev.coffer.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SegmentSealer;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class PackLayoutTest {
    private static final int SEGMENT = 1024;
    private static final FormatParameters PARAMETERS = new FormatParameters(SEGMENT, 256, 1024, 8192, 1 << 20);
    private static final VaultId VAULT = new VaultId(new UUID(3, 4));

    private final VaultKeys keys = new VaultKeys(VAULT, new byte[32]);
    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private final Random random = new Random(1);

    private record Made(Bytes32 name, Bytes32 salt, int end, int size, List<PackEntry> entries) {}

    private Bytes32 randomHash() {
        return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private List<PackEntry> entries(int count) {
        var entries = new ArrayList<PackEntry>();
        int offset = BlobHeader.LENGTH;
        for (int i = 0; i < count; i++) {
            int sealed = 17 + random.nextInt(200);
            var encoding = random.nextBoolean() ? Encoding.RAW : Encoding.ZSTD;
            entries.add(new PackEntry(randomHash(), offset, sealed, 1 + random.nextInt(8192), encoding));
            offset += sealed;
        }
        return entries;
    }

    private Made make(List<PackEntry> entries, int end) throws InterruptedException {
        var salt = randomHash();
        var pack = new byte[end + PackLayout.tailBytes(entries.size(), SEGMENT)];
        random.nextBytes(pack);
        int size = PackLayout.finish(pack, end, salt, entries, keys, new SegmentSealer(SEGMENT), SEGMENT);
        assertThat(size).isEqualTo(pack.length);
        var name = Digests.sha256(pack, 0, size);
        store.create(BlobNames.pack(name), Payload.of(pack));
        return new Made(name, salt, end, size, entries);
    }

    private Made make(int count) throws InterruptedException {
        var entries = entries(count);
        int end = count == 0
                ? BlobHeader.LENGTH
                : entries.getLast().offset() + entries.getLast().sealedBytes();
        return make(entries, end);
    }

    private PackDirectory read(Made pack) throws InterruptedException {
        return PackLayout.read(store, pack.name(), pack.size(), keys, PARAMETERS);
    }

    @Test
    void aDirectoryIsReadAsItWasWritten() throws Exception {
        for (int count : new int[] {0, 1, 2, 22, 23, 45, 46, 500}) {
            var pack = make(count);
            var read = read(pack);
            assertThat(read.entries()).isEqualTo(pack.entries());
            assertThat(read.name()).isEqualTo(pack.name());
            assertThat(read.salt()).isEqualTo(pack.salt());
            assertThat(read.size()).isEqualTo(pack.size());
        }
    }

    @Test
    void aChangeOfAnyByteOfDirectoryOrFooterIsNoticed() throws Exception {
        var pack = make(30);
        var key = BlobNames.pack(pack.name());
        for (int i = pack.end(); i < pack.size(); i++) {
            int mask = 1 << i % 8;
            store.damage(key, i, mask);
            assertThatExceptionOfType(Corrupt.class)
                    .as("byte %s", i)
                    .isThrownBy(() -> read(pack))
                    .withMessageContaining(pack.name().toString());
            store.damage(key, i, mask);
        }
        assertThat(read(pack).entries()).isEqualTo(pack.entries());
    }

    private boolean isGapless(Made pack) throws InterruptedException {
        return PackLayout.isGapless(store.bytes(BlobNames.pack(pack.name())), read(pack), VAULT, SEGMENT);
    }

    private Made withHeader(List<PackEntry> entries, int end) throws InterruptedException {
        var pack = make(entries, end);
        var key = BlobNames.pack(pack.name());
        var bytes = store.bytes(key);
        var header = new BlobHeader(BlobHeader.Kind.PACK, SEGMENT, VAULT, pack.salt()).encode();
        System.arraycopy(header, 0, bytes, 0, header.length);
        store.put(key, bytes);
        return pack;
    }

    @Test
    void bytesThatAreNothingAreNoticed() throws Exception {
        var entries = entries(20);
        int end = entries.getLast().offset() + entries.getLast().sealedBytes();
        var whole = withHeader(entries, end);
        assertThat(isGapless(whole)).isTrue();
        assertThat(isGapless(withHeader(entries, end + 1))).isFalse();
        var gap = new ArrayList<>(entries);
        gap.remove(7);
        assertThat(isGapless(withHeader(gap, end))).isFalse();
        for (int i = 0; i < BlobHeader.LENGTH; i++) {
            store.damage(BlobNames.pack(whole.name()), i, 1);
            assertThat(isGapless(whole)).isFalse();
            store.damage(BlobNames.pack(whole.name()), i, 1);
        }
    }

    @Test
    void aPackThatWasCutIsNoticed() throws Exception {
        var pack = make(5);
        var key = BlobNames.pack(pack.name());
        var whole = store.bytes(key);
        for (int length = 0; length < pack.size(); length++) {
            store.put(key, Arrays.copyOf(whole, length));
            int left = length;
            assertThatExceptionOfType(Corrupt.class)
                    .isThrownBy(() -> PackLayout.read(store, pack.name(), left, keys, PARAMETERS));
        }
        assertThatExceptionOfType(StoreException.OutOfRange.class).isThrownBy(() -> read(pack));
    }

    @Test
    void aPackOfAnotherVaultOrKeyIsNoticed() throws Exception {
        var pack = make(5);
        var otherKey = new byte[32];
        otherKey[0] = 1;
        for (var others :
                List.of(new VaultKeys(VAULT, otherKey), new VaultKeys(new VaultId(new UUID(3, 5)), new byte[32]))) {
            assertThatExceptionOfType(Corrupt.class)
                    .isThrownBy(() -> PackLayout.read(store, pack.name(), pack.size(), others, PARAMETERS))
                    .withMessageContaining("not authentic");
        }
    }

    @Test
    void anAuthenticDirectoryIsCheckedAllTheSame() throws Exception {
        var id = randomHash();
        for (var entry : List.of(
                new PackEntry(id, BlobHeader.LENGTH - 1, 20, 10, Encoding.RAW),
                new PackEntry(id, BlobHeader.LENGTH, 1000, 10, Encoding.RAW),
                new PackEntry(id, Integer.MAX_VALUE, 20, 10, Encoding.RAW),
                new PackEntry(id, BlobHeader.LENGTH, Integer.MAX_VALUE, 10, Encoding.RAW),
                new PackEntry(id, BlobHeader.LENGTH, 20, PARAMETERS.largestChunk() + 1, Encoding.RAW),
                new PackEntry(id, BlobHeader.LENGTH, 20, -1, Encoding.RAW))) {
            var pack = make(List.of(entry), 1000);
            assertThatExceptionOfType(Corrupt.class).as("%s", entry).isThrownBy(() -> read(pack));
        }
    }

    @Test
    void anAbsentPackIsNotFound() {
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> PackLayout.read(store, randomHash(), 1000, keys, PARAMETERS));
    }
}
