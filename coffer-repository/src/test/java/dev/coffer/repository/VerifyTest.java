package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.PackRange;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.BlobKey;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.verify.KeylessVerifier;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyTest {
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");

    @TempDir
    Path folder;

    private final SampleTree first = SampleTree.random(1, 40, 20_000);
    private final SampleTree second = SampleTree.random(2, 40, 20_000);
    private final MemoryBlobStore sound = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    private int starts;

    private static void nothing() {}

    private FileRepositories start(MemoryBlobStore store) throws IOException {
        starts++;
        return new Installation(folder).start("cache" + starts, Installation.SMALL, _ -> store);
    }

    @BeforeEach
    void write() throws Exception {
        try (var repositories = start(sound)) {
            var vault = Installation.vault(repositories);
            vault.write(ONE, SampleTree.description(), Optional.empty(), first.capture(1), VerifyTest::nothing);
            vault.write(TWO, SampleTree.description(), Optional.empty(), second.capture(1), VerifyTest::nothing);
        }
    }

    private VerifyReport verify(MemoryBlobStore store, VerifyRequest request) throws Exception {
        try (var repositories = start(store)) {
            return repositories
                    .open(Installation.SCOPE, Installation.NAME, Installation.ID)
                    .verify(request);
        }
    }

    private List<BlobKey> keys(String prefix) {
        return sound.keys().stream()
                .filter(key -> key.value().startsWith(prefix))
                .toList();
    }

    @Test
    void aSoundVaultHasNoFindingsAndEveryByteWasRead() throws Exception {
        var report = verify(sound, VerifyRequest.ALL);
        assertThat(report.findings()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.points()).isEqualTo(2);
        long bytes = keys(BlobNames.PACKS).stream()
                .mapToLong(key -> sound.bytes(key).length)
                .sum();
        assertThat(report.bytesRead()).isEqualTo(bytes);
        assertThat(report.packsRead()).isEqualTo(keys(BlobNames.PACKS).size());
        assertThat(new KeylessVerifier(sound).verify().findings()).isEmpty();
    }

    @Test
    void aChangedBitAnywhereIsFoundWithAndWithoutKeys() throws Exception {
        for (var key : sound.keys()) {
            if (key.equals(BlobNames.FORMAT) || key.value().startsWith(BlobNames.KEYS)) {
                // With one of these the vault does not open at all; without keys it is found.
                var store = sound.copy();
                store.damage(key, 20, 4);
                assertThat(new KeylessVerifier(store).verify().findings()).hasSize(1);
                continue;
            }
            int size = sound.bytes(key).length;
            for (int at : new int[] {0, size / 3, size / 2, size - 1}) {
                var store = sound.copy();
                store.damage(key, at, 1 << at % 8);
                var keyless = new KeylessVerifier(store).verify();
                assertThat(keyless.findings())
                        .as("%s at %d", key, at)
                        .extracting(Finding::blob)
                        .containsExactly(key.value());
                var report = verify(store, VerifyRequest.ALL);
                assertThat(report.findings())
                        .as("%s at %d", key, at)
                        .extracting(Finding::blob)
                        .contains(key.value());
            }
        }
    }

    @Test
    void everyByteOfAPackCounts() throws Exception {
        var key = keys(BlobNames.PACKS).getFirst();
        int size = sound.bytes(key).length;
        for (int at = 0; at < size; at += at < 200 || at > size - 60 ? 1 : 499) {
            var store = sound.copy();
            store.damage(key, at, 1 << at % 8);
            assertThat(verify(store, VerifyRequest.ALL).findings())
                    .as("byte %s of %s", at, size)
                    .extracting(Finding::blob)
                    .contains(key.value());
        }
    }

    @Test
    void aSoundPackUnderTheNameOfAnotherIsFoundAndPutRight() throws Exception {
        var packs = keys(BlobNames.PACKS);
        for (var key : packs) {
            var store = sound.copy();
            var other = packs.get((packs.indexOf(key) + 1) % packs.size());
            store.put(key, sound.bytes(other));
            assertThat(verify(store, VerifyRequest.ALL).findings())
                    .anySatisfy(finding -> assertThat(finding.points()).isNotEmpty());
            assertThat(verify(store, VerifyRequest.ALL.repairedFrom(sound)).isSound())
                    .isTrue();
            assertThat(store.bytes(key)).isEqualTo(sound.bytes(key));
        }
    }

    @Test
    void damageNamesExactlyThePointsThatCannotBeRestoredWhole() throws Exception {
        for (var key : keys(BlobNames.PACKS)) {
            var store = sound.copy();
            store.damage(key, 100, 1);
            var report = verify(store, VerifyRequest.ALL);
            var named = new TreeSet<String>();
            report.findings().forEach(finding -> finding.points().forEach(id -> named.add(id.value())));
            var broken = new TreeSet<String>();
            try (var repositories = start(store)) {
                var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
                for (var id : List.of(ONE, TWO)) {
                    try (var reader = vault.open(id)) {
                        (id.equals(ONE) ? first : second).assertIsIn(reader);
                    } catch (RepositoryException.Corrupt damaged) {
                        broken.add(id.value());
                    }
                }
            }
            assertThat(named).isEqualTo(broken).isNotEmpty();
        }
    }

    @Test
    void lostAndShortenedPacksAreFoundByTheStructureAlone() throws Exception {
        for (var key : keys(BlobNames.PACKS)) {
            var lost = sound.copy();
            lost.lose(key);
            assertThat(verify(lost, VerifyRequest.STRUCTURE).findings())
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.points()).isNotEmpty());
            var cut = sound.copy();
            cut.truncate(key, 100);
            assertThat(verify(cut, VerifyRequest.STRUCTURE).findings())
                    .extracting(Finding::blob)
                    .contains(key.value());
        }
    }

    @Test
    void damageIsPutRightFromASecondCopy() throws Exception {
        for (var key : sound.keys()) {
            if (key.equals(BlobNames.FORMAT) || key.value().startsWith(BlobNames.KEYS)) {
                continue;
            }
            var store = sound.copy();
            store.damage(key, sound.bytes(key).length / 2, 1);
            var report = verify(store, VerifyRequest.ALL.repairedFrom(sound));
            assertThat(report.findings()).as("%s", key).isNotEmpty();
            assertThat(report.isSound()).as("%s", key).isTrue();
            assertThat(verify(store, VerifyRequest.ALL).findings()).isEmpty();
        }
        for (var key : keys(BlobNames.PACKS)) {
            var store = sound.copy();
            store.lose(key);
            verify(store, VerifyRequest.ALL.repairedFrom(sound));
            assertThat(verify(store, VerifyRequest.ALL).findings()).isEmpty();
            assertThat(store.bytes(key)).isEqualTo(sound.bytes(key));
        }
    }

    @Test
    void aPackThatWasPutRightByHandIsReliedOnAgain() throws Exception {
        // So many items that the nodes of their tree share a pack: one that is damaged lies beside others that are
        // read.
        var many = SampleTree.random(3, 400, 100);
        var id = new SessionId("many");
        try (var repositories = start(sound)) {
            Installation.vault(repositories)
                    .write(id, SampleTree.description(), Optional.empty(), many.capture(1), VerifyTest::nothing);
        }
        for (var key : keys(BlobNames.PACKS)) {
            int size = sound.bytes(key).length;
            for (int at = 100 % size; at < size; at += 1 + size / 4) {
                var store = sound.copy();
                try (var repositories = start(store)) {
                    var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
                    store.damage(key, at, 1);
                    assertThat(vault.verify(VerifyRequest.ALL).isSound()).isFalse();
                    store.put(key, sound.bytes(key));
                    assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
                    first.assertIsIn(vault.open(ONE));
                    many.assertIsIn(vault.open(id));
                }
            }
        }
    }

    @Test
    void aCopyThatIsDamagedItselfIsNotTaken() throws Exception {
        var key = keys(BlobNames.PACKS).getFirst();
        var store = sound.copy();
        store.damage(key, 100, 1);
        var copy = sound.copy();
        copy.damage(key, 200, 1);
        var damaged = store.bytes(key);
        var report = verify(store, VerifyRequest.ALL.repairedFrom(copy));
        assertThat(report.isSound()).isFalse();
        assertThat(store.bytes(key)).isEqualTo(damaged);
    }

    @Test
    void rangesThatFollowEachOtherReadEveryPackOnce() throws Exception {
        long packs = 0;
        int parts = 7;
        for (int part = 0; part < parts; part++) {
            var range = new PackRange(part * PackRange.END / parts, (part + 1) * PackRange.END / parts);
            packs += verify(sound, VerifyRequest.contentOf(range)).packsRead();
        }
        assertThat(packs).isEqualTo(keys(BlobNames.PACKS).size());
    }

    @Test
    void aDamagedChunkIsStoredAgainByTheNextPoint() throws Exception {
        var key = keys(BlobNames.PACKS).getFirst();
        var store = sound.copy();
        store.damage(key, 100, 1);
        try (var repositories = start(store)) {
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
            assertThat(vault.verify(VerifyRequest.ALL).isSound()).isFalse();
            for (var tree : Map.of("three", first, "four", second).entrySet()) {
                var id = new SessionId(tree.getKey());
                vault.write(
                        id,
                        SampleTree.description(),
                        Optional.empty(),
                        tree.getValue().capture(2),
                        VerifyTest::nothing);
                tree.getValue().assertIsIn(vault.open(id));
            }
            // The earlier points have the chunk again, too.
            first.assertIsIn(vault.open(ONE));
            second.assertIsIn(vault.open(TWO));
        }
    }
}
