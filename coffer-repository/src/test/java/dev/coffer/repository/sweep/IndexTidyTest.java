package dev.coffer.repository.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.index.IndexBlob;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackEntry;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexTidyTest {
    private static final FormatParameters PARAMETERS = FormatParameters.STANDARD;
    private static final int MANY = 33;
    // 45 bytes each: a blob of them has more than 1 MiB.
    private static final int LARGE = 12_000;

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private final VaultKeys keys = new VaultKeys(new VaultId(new UUID(1, 2)), new byte[32]);
    private final Random random = new Random(20);

    private Bytes32 id() {
        return new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    private PackDirectory pack(int chunks) {
        var entries = new ArrayList<PackEntry>();
        for (int i = 0; i < chunks; i++) {
            entries.add(new PackEntry(id(), 64 + i, 20, i, Encoding.RAW));
        }
        return new PackDirectory(id(), id(), 32 << 10, entries);
    }

    /** Stores an index blob of these packs. */
    private Bytes32 blob(PackDirectory... packs) {
        var bytes = IndexBlob.encode(List.of(packs), keys, PARAMETERS, id());
        var name = Digests.sha256(bytes, 0, bytes.length);
        store.put(BlobNames.index(name), bytes);
        return name;
    }

    private List<Bytes32> small(int count) {
        var blobs = new ArrayList<Bytes32>();
        for (int i = 0; i < count; i++) {
            blobs.add(blob(pack(1)));
        }
        return blobs;
    }

    private void tidy(Bytes32... deleted) throws InterruptedException {
        try (var index = ChunkIndex.open(store, keys, PARAMETERS, folder.resolve("index"), random)) {
            new IndexTidy(store, keys, PARAMETERS, index, new SecureRandom()).run(Set.of(deleted));
        }
    }

    private List<Bytes32> blobs() {
        return store.keys().stream()
                .map(BlobNames::digestOf)
                .flatMap(name -> name.stream())
                .toList();
    }

    /** The packs that a blob names. */
    private List<Bytes32> packsOf(Bytes32 blob) {
        return IndexBlob.decode(store.bytes(BlobNames.index(blob)), keys, PARAMETERS, "it").stream()
                .map(PackDirectory::name)
                .toList();
    }

    private List<Bytes32> packs() {
        return blobs().stream().flatMap(blob -> packsOf(blob).stream()).toList();
    }

    @Test
    void smallBlobsBecomeOneWhenTheyAreMany() throws Exception {
        small(MANY);
        var before = packs();
        tidy();
        assertThat(blobs()).hasSize(1);
        assertThat(packs()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void fewBlobsOfWhichNothingIsDeletedStay() throws Exception {
        var few = small(MANY - 1);
        tidy();
        assertThat(blobs()).containsExactlyInAnyOrderElementsOf(few);
    }

    @Test
    void aLargeBlobStaysWhenSmallOnesBecomeOne() throws Exception {
        var large = blob(pack(LARGE), pack(LARGE));
        small(MANY);
        tidy();
        assertThat(blobs()).hasSize(2).contains(large);
    }

    @Test
    void aDeletedPackGoesFromItsBlobAndOtherBlobsStay() throws Exception {
        var stays = pack(2);
        var goes = pack(2);
        var mixed = blob(stays, goes);
        var other = blob(pack(1));
        var allGone = blob(goes);
        tidy(goes.name());
        assertThat(blobs()).hasSize(2).contains(other).doesNotContain(mixed, allGone);
        assertThat(packs()).contains(stays.name()).doesNotContain(goes.name());
    }

    @Test
    void aPackThatSeveralBlobsNameIsNamedOnceAfterwards() throws Exception {
        var repeated = pack(2);
        var goes = pack(2);
        blob(repeated, goes);
        blob(repeated, goes, pack(1));
        tidy(goes.name());
        assertThat(packs()).hasSize(2).containsOnlyOnce(repeated.name());
    }

    @Test
    void aDamagedBlobIsLeftForVerification() throws Exception {
        var goes = pack(2);
        var damaged = blob(pack(1), goes);
        store.damage(BlobNames.index(damaged), 80, 1);
        var sound = blob(pack(1), goes);
        tidy(goes.name());
        assertThat(blobs()).hasSize(2).contains(damaged).doesNotContain(sound);
    }

    @Test
    void aBlobThatWouldBecomeTooLongIsCutInTwo() throws Exception {
        var goes = pack(1);
        var expected = new ArrayList<Bytes32>();
        for (int i = 0; i < 24; i++) {
            var large = pack(LARGE);
            expected.add(large.name());
            blob(large, goes);
        }
        tidy(goes.name());
        assertThat(blobs()).hasSize(2);
        assertThat(packs()).containsExactlyInAnyOrderElementsOf(expected);
    }
}
