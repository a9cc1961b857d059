package dev.coffer.repository.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.Payload;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackEntry;
import dev.coffer.repository.pack.PackWriter;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChunkIndexTest {
    private static final FormatParameters PARAMETERS = FormatParameters.STANDARD;

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private final VaultKeys keys = new VaultKeys(new VaultId(new UUID(1, 2)), new byte[32]);
    private final Random random = new Random(20);

    private ChunkIndex open() throws InterruptedException {
        return ChunkIndex.open(store, keys, PARAMETERS, folder, random);
    }

    private Bytes32 id() {
        return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** A directory of a pack that the store lists, though it could not be read. */
    private PackDirectory listed(int chunks) {
        var entries = new ArrayList<PackEntry>();
        for (int i = 0; i < chunks; i++) {
            entries.add(new PackEntry(id(), 64 + i, 20, i, i % 2 == 0 ? Encoding.RAW : Encoding.ZSTD));
        }
        var pack = new PackDirectory(id(), id(), 32 << 10, entries);
        store.put(BlobNames.pack(pack.name()), new byte[pack.size()]);
        return pack;
    }

    private List<PackDirectory> packs(List<byte[]> chunks) throws InterruptedException {
        var packs = new ArrayList<PackDirectory>();
        var writer = new PackWriter(store, keys, PARAMETERS, new SecureRandom(), packs::add);
        try (var coder = new ChunkCoder(keys, PARAMETERS.segmentBytes(), 1)) {
            for (var chunk : chunks) {
                writer.add(coder, coder.id(chunk, 0, chunk.length), chunk, 0, chunk.length);
            }
            writer.flush(coder);
        }
        return packs;
    }

    private List<ChunkPlace> places(ChunkIndex index, Bytes32 id) {
        var places = new ArrayList<ChunkPlace>();
        index.places(id, places::add);
        return places;
    }

    private BlobKey storeIndex(List<PackDirectory> packs) throws InterruptedException {
        var blob = IndexBlob.encode(packs, keys, PARAMETERS, id());
        var key = BlobNames.index(Digests.sha256(blob, 0, blob.length));
        store.create(key, Payload.of(blob));
        return key;
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (var file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void aMillionChunksAreFoundAndTakeLessThanFiftyBytesEachOnDiskAndNoneInMemory() throws Exception {
        var packs = new ArrayList<PackDirectory>();
        int chunks = 0;
        try (var index = open()) {
            while (chunks < 1_000_000) {
                var pack = listed(16_000);
                packs.add(pack);
                chunks += pack.entries().size();
                index.add(pack);
            }
        }
        assertThat(bytesOnDisk()).isLessThan(chunks * 50L);
        try (var index = open()) {
            for (var pack : packs) {
                for (int i = 0; i < pack.entries().size(); i += 37) {
                    var entry = pack.entries().get(i);
                    assertThat(places(index, entry.id()))
                            .containsExactly(new ChunkPlace(
                                    pack.pack(),
                                    entry.offset(),
                                    entry.sealedBytes(),
                                    entry.logicalBytes(),
                                    entry.encoding()));
                }
            }
            for (int i = 0; i < 50_000; i++) {
                assertThat(index.contains(id())).isFalse();
            }
        }
        assertThat(files()).hasSizeLessThanOrEqualTo(9);
    }

    @Test
    void aLostCacheIsRebuiltFromIndexBlobsAndFromPacksThatNoneNames() throws Exception {
        var named = packs(List.of(new byte[] {1}, new byte[] {2}));
        var unnamed = packs(List.of(new byte[] {3}));
        storeIndex(named);
        try (var index = open()) {
            for (var pack : List.of(named.getFirst(), unnamed.getFirst())) {
                for (var entry : pack.entries()) {
                    assertThat(index.contains(entry.id())).isTrue();
                }
            }
        }
    }

    @Test
    void aDamagedIndexBlobIsMadeUpForByThePacks() throws Exception {
        var packs = packs(List.of(new byte[] {1}, new byte[] {2}));
        store.damage(storeIndex(packs), 100, 1);
        try (var index = open()) {
            assertThat(index.contains(packs.getFirst().entries().getLast().id()))
                    .isTrue();
        }
    }

    @Test
    void chunksOfAPackThatTheStoreDoesNotHaveAreNotFound() throws Exception {
        var packs = packs(List.of(new byte[] {1}));
        var id = packs.getFirst().entries().getFirst().id();
        storeIndex(packs);
        store.lose(BlobNames.pack(packs.getFirst().name()));
        try (var index = open()) {
            assertThat(index.contains(id)).isFalse();
        }
    }

    @Test
    void chunksOfAPackThatVanishedOrWasCutOffAreNotFoundAfterARefreshWhetherInMemoryOrOnDisk() throws Exception {
        var onDisk = packs(List.of(new byte[] {1})).getFirst();
        open().close();
        var inMemory = packs(List.of(new byte[] {2})).getFirst();
        try (var index = open()) {
            index.add(inMemory);
            store.lose(BlobNames.pack(onDisk.name()));
            store.truncate(BlobNames.pack(inMemory.name()), 100);
            index.refresh();
            assertThat(index.contains(onDisk.entries().getFirst().id())).isFalse();
            assertThat(index.contains(inMemory.entries().getFirst().id())).isFalse();
        }
    }

    @Test
    void aRefreshFindsWhatAnotherProcessHasStored() throws Exception {
        try (var index = open()) {
            var pack = packs(List.of(new byte[] {9})).getFirst();
            assertThat(index.contains(pack.entries().getFirst().id())).isFalse();
            index.refresh();
            assertThat(index.contains(pack.entries().getFirst().id())).isTrue();
        }
    }

    @Test
    void aBrokenCacheFileIsThrownAwayAndMadeAnew() throws Exception {
        var pack = packs(List.of(new byte[] {1}, new byte[] {2})).getFirst();
        open().close();
        for (var file : files()) {
            var bytes = Files.readAllBytes(file);
            bytes[70] ^= 1;
            Files.write(file, bytes);
        }
        try (var index = open()) {
            assertThat(index.contains(pack.entries().getFirst().id())).isTrue();
        }
    }

    @Test
    void aDistrustedCopyIsNotFoundAndAnotherOneIs() throws Exception {
        var first = packs(List.of(new byte[] {1})).getFirst();
        try (var index = open()) {
            var id = first.entries().getFirst().id();
            index.distrust(id, first.name());
            assertThat(index.contains(id)).isFalse();
            var second = packs(List.of(new byte[] {1})).getFirst();
            index.add(second);
            assertThat(places(index, id)).extracting(ChunkPlace::pack).containsExactly(second.pack());
        }
    }

    @Test
    void aChunkOfSeveralPacksIsFoundInThoseThatAreLeft() throws Exception {
        try (var index = open()) {
            var chunk = id();
            var entry = new PackEntry(chunk, 64, 20, 3, Encoding.RAW);
            var packs = new ArrayList<Bytes32>();
            for (int i = 0; i < 3; i++) {
                var pack = new PackDirectory(id(), id(), 32 << 10, List.of(entry));
                packs.add(pack.name());
                index.add(pack);
            }
            for (int dropped = 0; dropped < 3; dropped++) {
                var found = new ArrayList<Bytes32>();
                index.places(chunk, place -> found.add(place.pack().name()));
                assertThat(found).containsExactlyInAnyOrderElementsOf(packs.subList(dropped, 3));
                index.drop(packs.get(dropped));
            }
            assertThat(index.contains(chunk)).isFalse();
        }
    }
}
