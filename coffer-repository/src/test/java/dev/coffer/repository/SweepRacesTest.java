package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.MemoryBlobStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another process, or another thread, does between any two calls that a sweep makes to its store. */
final class SweepRacesTest {
    private static final SessionId STAYS = new SessionId("stays");
    private static final SessionId GONE = new SessionId("gone");
    private static final SessionId LATER = new SessionId("later");
    private static final SessionId NEW = new SessionId("new");
    private static final int LAST_CALL_AT_MOST = 3_000;

    @TempDir
    Path folder;

    private final SampleTree stays = SampleTree.random(5, 12, 8_000);
    private final SampleTree gone = SampleTree.random(6, 12, 8_000);
    private final SampleTree later = SampleTree.random(7, 12, 8_000);
    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));

    /** What the other one does. */
    enum Other {
        /** A sweep. */
        SWEEPS {
            @Override
            void act(Repository vault, SampleTree gone) throws InterruptedException {
                vault.sweep();
            }
        },
        /** Ends the sweep, and makes the next one too. */
        SWEEPS_AND_GOES_ON {
            @Override
            void act(Repository vault, SampleTree gone) throws InterruptedException {
                vault.sweep();
                vault.forget(LATER);
                vault.sweep();
                vault.sweep();
            }
        },
        /** Writes what is about to be freed. */
        WRITES {
            @Override
            void act(Repository vault, SampleTree gone) throws InterruptedException {
                write(vault, NEW, gone);
                vault.sweep();
            }
        };

        abstract void act(Repository vault, SampleTree gone) throws InterruptedException;
    }

    private static void write(Repository vault, SessionId id, SampleTree tree) throws InterruptedException {
        vault.write(id, SampleTree.description(), Optional.empty(), tree.capture(1), () -> {});
    }

    private static FileRepositories start(Installation installation, String owner, BlobStore blobs) {
        return installation.start("cache-" + owner, Installation.SMALL, _ -> blobs, owner);
    }

    private void prepare(Installation installation, boolean waiting) throws Exception {
        try (var here = start(installation, "a", store);
                var there = start(installation, "b", store)) {
            var vault = Installation.vault(here);
            write(vault, STAYS, stays);
            write(vault, GONE, gone);
            write(vault, LATER, later);
            vault.forget(GONE);
            if (waiting) {
                // Its candidates are listed, then a reader comes; when that has gone, the sweep is to be ended.
                var reader = Installation.vault(there).open(STAYS);
                try (var slow = start(installation, "c", new HookedStore(store, key -> {
                    if (key.value().endsWith("-candidates")) {
                        reader.find(ItemPath.ROOT);
                    }
                }))) {
                    assertThat(Installation.vault(slow).sweep().outcome()).isEqualTo(SweepReport.Outcome.WAITING);
                }
                reader.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SWEEPS, false",
        "SWEEPS, true",
        "SWEEPS_AND_GOES_ON, false",
        "SWEEPS_AND_GOES_ON, true",
        "WRITES, false",
        "WRITES, true"
    })
    void nothingThatAPointNeedsIsFreedAndAllElseIsWhereverAnotherProcessComesBetween(Other other, boolean waiting)
            throws Exception {
        var installation = new Installation(folder);
        prepare(installation, waiting);
        boolean reached = true;
        for (int call = 1; reached; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var copy = store.copy();
            try (var there = start(installation, "b", copy)) {
                var elsewhere = Installation.vault(there);
                var stepped = new SteppedStore(copy, () -> other.act(elsewhere, gone));
                try (var here = start(installation, "a", stepped)) {
                    var vault = Installation.vault(here);
                    stepped.actAt(call);
                    vault.sweep();
                    reached = stepped.acted;
                    stepped.actAt(Integer.MAX_VALUE);
                    assertAllIsWell(vault, elsewhere, copy);
                }
            }
        }
    }

    private void assertAllIsWell(Repository vault, Repository elsewhere, MemoryBlobStore copy) throws Exception {
        for (int i = 0; i < 3; i++) {
            vault.sweep();
            elsewhere.sweep();
        }
        assertThat(vault.sweep().outcome()).isEqualTo(SweepReport.Outcome.NOTHING);
        assertThat(elsewhere.verify(VerifyRequest.ALL).findings()).isEmpty();
        var points = new ArrayList<SessionId>();
        vault.points(manifest -> points.add(manifest.id()));
        try (var reader = elsewhere.open(STAYS)) {
            stays.assertIsIn(reader);
        }
        if (points.contains(NEW)) {
            try (var reader = elsewhere.open(NEW)) {
                gone.assertIsIn(reader);
            }
        }
        assertThat(copy.keys())
                .noneMatch(key -> key.value().startsWith(BlobNames.FORGOTTEN)
                        || key.value().startsWith(BlobNames.SESSIONS));
        points.forEach(id -> forget(vault, id));
        vault.sweep();
        assertThat(copy.keys())
                .as("all packs of forgotten points are freed")
                .noneMatch(key -> key.value().startsWith(BlobNames.PACKS));
    }

    private static void forget(Repository vault, SessionId id) {
        try {
            vault.forget(id);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    @Test
    void aSecondSweepOfTheSameProcessLeavesTheWorkToTheFirst() throws Exception {
        var installation = new Installation(folder);
        prepare(installation, false);
        var second = new ArrayList<SweepReport>();
        var first = new ArrayList<Repository>();
        var meanwhile = new HookedStore(store, key -> {
            if (key.value().endsWith("-candidates")) {
                var thread = Thread.ofVirtual().start(() -> {
                    try {
                        second.add(first.getFirst().sweep());
                    } catch (InterruptedException stop) {
                        throw new IllegalStateException(stop);
                    }
                });
                thread.join();
            }
        });
        try (var here = start(installation, "a", meanwhile)) {
            first.add(Installation.vault(here));
            assertThat(first.getFirst().sweep().outcome()).isEqualTo(SweepReport.Outcome.DONE);
        }
        assertThat(second).containsExactly(SweepReport.of(SweepReport.Outcome.ELSEWHERE));
    }

    @FunctionalInterface
    private interface Action {
        void run() throws InterruptedException;
    }

    /** Lets somebody else act before a call. For one thread. */
    private static final class SteppedStore implements BlobStore {
        private final BlobStore inner;
        private final Action action;
        private long left = Integer.MAX_VALUE;
        private boolean acted;

        SteppedStore(BlobStore inner, Action action) {
            this.inner = inner;
            this.action = action;
        }

        void actAt(long call) {
            left = call;
            acted = false;
        }

        private synchronized void step() throws InterruptedException {
            left--;
            if (left == 0) {
                acted = true;
                action.run();
            }
        }

        @Override
        public Set<Capability> capabilities() {
            return inner.capabilities();
        }

        @Override
        public void create(BlobKey key, Payload payload) throws InterruptedException {
            step();
            inner.create(key, payload);
        }

        @Override
        public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
            step();
            return inner.open(key, range);
        }

        @Override
        public void list(String prefix, Predicate<BlobInfo> visit) throws InterruptedException {
            step();
            inner.list(prefix, visit);
        }

        @Override
        public void retain(BlobKey key, Instant until) throws InterruptedException {
            step();
            inner.retain(key, until);
        }

        @Override
        public void delete(BlobKey key) throws InterruptedException {
            step();
            inner.delete(key);
        }
    }
}
