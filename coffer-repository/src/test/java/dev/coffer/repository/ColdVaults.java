package dev.coffer.repository;

import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** A vault whose two parts are in memory, and what the tests of cold storage look at. */
abstract class ColdVaults {
    static final SessionId ONE = new SessionId("one");
    static final SessionId TWO = new SessionId("two");
    static final SessionId THREE = new SessionId("three");
    static final Instant EPOCH = Instant.EPOCH;

    @TempDir
    Path folder;

    final SampleTree first = SampleTree.random(1, 40, 30_000);
    final SampleTree second = SampleTree.random(2, 40, 30_000);
    final MemoryBlobStore warm = new MemoryBlobStore(InstantSource.fixed(EPOCH));
    final MemoryBlobStore cold = new MemoryBlobStore(InstantSource.fixed(EPOCH));

    static void nothing() {}

    static Manifest write(Repository vault, SessionId id, SampleTree tree) throws InterruptedException {
        return vault.write(id, SampleTree.description(), Optional.empty(), tree.capture(1), ColdVaults::nothing);
    }

    FileRepositories start(Installation installation, String owner, BlobStore coldStore) throws IOException {
        return installation.start(owner, _ -> warm, _ -> coldStore);
    }

    FileRepositories start() throws IOException {
        return start(new Installation(folder), "a", cold);
    }

    /** A process that does not have the disk of cold storage. */
    FileRepositories withoutDisk(Installation installation, String owner) throws IOException {
        return start(installation, owner, new MemoryBlobStore(InstantSource.fixed(EPOCH)));
    }

    static long bytes(MemoryBlobStore store) {
        return store.keys().stream()
                .filter(key -> key.value().startsWith(BlobNames.PACKS))
                .mapToLong(key -> store.bytes(key).length)
                .sum();
    }

    static List<BlobKey> packs(MemoryBlobStore store) {
        return store.keys().stream()
                .filter(key -> key.value().startsWith(BlobNames.PACKS))
                .toList();
    }

    static void sweepToTheEnd(Repository vault) throws InterruptedException {
        for (int i = 0; i < 10 && vault.sweep().outcome() != SweepReport.Outcome.NOTHING; i++) {
            // The first may have to wait for what it saw itself.
        }
    }

    static void assertReads(Repository vault, SessionId id, SampleTree tree) throws Exception {
        try (var reader = vault.open(id)) {
            tree.assertIsIn(reader);
        }
    }

    /** What a point that is not cold needs is there without cold storage. */
    void assertReadsFromWarmAlone(Installation installation, SessionId id, SampleTree tree) throws Exception {
        try (var repositories = withoutDisk(installation, "disk" + new Random().nextInt(1 << 30))) {
            assertReads(Installation.vault(repositories), id, tree);
        }
    }
}
