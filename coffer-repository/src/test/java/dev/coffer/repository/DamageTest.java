package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages stored blobs, and looks that nobody ever reads wrong bytes. */
final class DamageTest {
    private static final SessionId ID = new SessionId("one");

    @TempDir
    Path folder;

    private final SampleTree tree = SampleTree.random(3, 40, 20_000);
    private final MemoryBlobStore sound = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private Optional<Installation> made = Optional.empty();
    private int starts;

    private static void nothing() {}

    @BeforeEach
    void write() throws Exception {
        made = Optional.of(new Installation(folder));
        try (var repositories = start(sound)) {
            Installation.vault(repositories)
                    .write(ID, SampleTree.description(), Optional.empty(), tree.capture(1), DamageTest::nothing);
        }
    }

    /** A process whose cache is empty. */
    private FileRepositories start(MemoryBlobStore store) {
        starts++;
        return made.orElseThrow().start("cache" + starts, Installation.SMALL, _ -> store);
    }

    private List<BlobKey> keys(String prefix) {
        return sound.keys().stream()
                .filter(key -> key.value().startsWith(prefix))
                .toList();
    }

    /** What the damage is reported as; empty if everything was read, and right. */
    private Optional<RuntimeException> trouble(MemoryBlobStore store) throws Exception {
        try (var repositories = start(store)) {
            tree.assertIsIn(repositories
                    .open(Installation.SCOPE, Installation.NAME, Installation.ID)
                    .open(ID));
            return Optional.empty();
        } catch (RepositoryException | WrongKey reported) {
            return Optional.of(reported);
        }
    }

    private List<Integer> positions(BlobKey key) {
        int size = sound.bytes(key).length;
        var random = new Random(size);
        var positions = new ArrayList<Integer>();
        for (int at = 0; at < Math.min(size, 64); at += 4) {
            positions.add(at);
        }
        for (int i = 0; i < 16; i++) {
            positions.add(random.nextInt(size));
        }
        for (int at = Math.max(0, size - 48); at < size; at += 5) {
            positions.add(at);
        }
        return positions;
    }

    @Test
    void aChangedBitInAnyBlobIsReportedOrMadeUpForAndNeverReadAsData() throws Exception {
        int reported = 0;
        for (var key : sound.keys()) {
            for (int position : positions(key)) {
                var store = sound.copy();
                store.damage(key, position, 1 << (position % 8));
                var trouble = trouble(store);
                if (key.value().startsWith(BlobNames.INDEX)) {
                    assertThat(trouble).as("%s, byte %d", key, position).isEmpty();
                } else if (!key.value().startsWith(BlobNames.PACKS)) {
                    assertThat(trouble).as("%s, byte %d", key, position).isPresent();
                }
                reported += trouble.isPresent() ? 1 : 0;
            }
        }
        assertThat(reported).isGreaterThan(100);
    }

    @Test
    void aLostPackAndOneThatWasCutOffAreNamedOrItsChunksAre() throws Exception {
        for (var key : keys(BlobNames.PACKS)) {
            var lost = sound.copy();
            lost.lose(key);
            assertThat(trouble(lost)).get().isInstanceOf(RepositoryException.Corrupt.class);
            var cut = sound.copy();
            cut.truncate(key, 100);
            assertThat(trouble(cut)).get().isInstanceOf(RepositoryException.Corrupt.class);
        }
    }

    @Test
    void damageOfAPackNamesThePackAndThePoint() throws Exception {
        var key = keys(BlobNames.PACKS).getFirst();
        var store = sound.copy();
        for (int at = 64; at < sound.bytes(key).length / 2; at += 50) {
            store.damage(key, at, 4);
        }
        assertThat(trouble(store))
                .get()
                .satisfies(damage -> assertThat(damage)
                        .hasMessageContaining("recovery point " + ID)
                        .hasMessageContaining(key.value().substring(key.value().lastIndexOf('/') + 1)));
    }

    @Test
    void aLostIndexIsMadeUpForByThePacks() throws Exception {
        var store = sound.copy();
        keys(BlobNames.INDEX).forEach(store::lose);
        assertThat(trouble(store)).isEmpty();
    }

    @Test
    void theNextWriteStoresWhatWasLostAgainEvenIfItCompares() throws Exception {
        for (var key : keys(BlobNames.PACKS)) {
            var store = sound.copy();
            store.lose(key);
            try (var repositories = start(store)) {
                var vault = Installation.vault(repositories);
                var second = new SessionId("two");
                vault.write(
                        second,
                        SampleTree.description(),
                        Optional.of(ID),
                        tree.incremental(new java.util.concurrent.atomic.AtomicInteger()),
                        DamageTest::nothing);
                tree.assertIsIn(vault.open(second));
                tree.assertIsIn(vault.open(ID));
            }
        }
    }

    @Test
    void damageThatWasMetIsStoredAgainByTheNextWrite() throws Exception {
        var key = keys(BlobNames.PACKS).getFirst();
        var store = sound.copy();
        store.damage(key, 80, 1);
        try (var repositories = start(store)) {
            var vault = Installation.vault(repositories);
            assertThatThrownBy(() -> tree.assertIsIn(vault.open(ID))).isInstanceOf(RepositoryException.Corrupt.class);
            vault.write(
                    new SessionId("two"),
                    SampleTree.description(),
                    Optional.empty(),
                    tree.capture(1),
                    DamageTest::nothing);
            tree.assertIsIn(vault.open(ID));
        }
    }

    @Test
    void aBrokenLocalIndexCostsTimeOnly() throws Exception {
        var cache = folder.resolve("cache" + starts)
                .resolve(Installation.ID.toString())
                .resolve("index");
        List<Path> files;
        try (var found = Files.list(cache)) {
            files = found.toList();
        }
        for (var file : files) {
            var bytes = Files.readAllBytes(file);
            // The offsets of all entries: 48 bytes each, at the end of the file.
            for (int entry = bytes.length - 48; entry > 300; entry -= 48) {
                bytes[entry + 39] ^= 1;
            }
            Files.write(file, bytes);
        }
        try (var repositories = made.orElseThrow().start("cache" + starts, Installation.SMALL, _ -> sound)) {
            tree.assertIsIn(Installation.vault(repositories).open(ID));
        }
    }
}
