package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.CrashingBlobStore;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.store.StoreMoment;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SweepTest {
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");
    private static final SessionId THREE = new SessionId("three");
    private static final int LAST_CALL_AT_MOST = 3_000;

    @TempDir
    Path folder;

    private final SampleTree first = SampleTree.random(1, 40, 30_000);
    private final SampleTree second = SampleTree.random(2, 40, 30_000);
    private final MemoryBlobStore store = new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));

    private static void nothing() {}

    private static Manifest write(Repository vault, SessionId id, SampleTree tree) throws InterruptedException {
        return vault.write(id, SampleTree.description(), Optional.empty(), tree.capture(1), SweepTest::nothing);
    }

    private FileRepositories start(Installation installation, String owner, BlobStore blobs) {
        return installation.start("cache-" + owner, Installation.SMALL, _ -> blobs, owner);
    }

    private long packs(MemoryBlobStore blobs) {
        return blobs.keys().stream()
                .filter(key -> key.value().startsWith(BlobNames.PACKS))
                .count();
    }

    @Test
    void aSweepFreesWhatNothingElseReferencesAndNothingMore() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            long empty = vault.storedBytes();
            write(vault, ONE, first);
            long withOne = vault.storedBytes();
            write(vault, TWO, second);
            vault.forget(TWO);

            var report = vault.sweep();

            assertThat(report.outcome()).isEqualTo(SweepReport.Outcome.DONE);
            assertThat(report.packsDeleted()).isPositive();
            assertThat(report.bytesFreed()).isPositive();
            // A little is left: that a sweep was made.
            assertThat(vault.storedBytes()).isBetween(withOne, withOne + 1_000);
            first.assertIsIn(vault.open(ONE));
            assertThat(vault.sweep().outcome()).isEqualTo(SweepReport.Outcome.NOTHING);

            vault.forget(ONE);
            vault.sweep();
            assertThat(packs(store)).isZero();
            assertThat(vault.storedBytes()).isBetween(empty, empty + 1_000);
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.FORGOTTEN));
        }
    }

    @Test
    void whatTwoPointsShareStaysUntilBothAreForgotten() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, first);
            vault.forget(ONE);
            vault.sweep();
            first.assertIsIn(vault.open(TWO));
            vault.forget(TWO);
            vault.sweep();
            assertThat(packs(store)).isZero();
        }
    }

    /** Point ONE: a tree and 300 small files in the same packs. */
    private static void writeAmongOthers(Repository vault, SampleTree mixed) throws InterruptedException {
        vault.write(
                ONE,
                SampleTree.description(),
                Optional.empty(),
                session -> {
                    // Small files of both trees lie in the same packs.
                    mixed.capture(1).fill(session);
                    for (int i = 0; i < 300; i++) {
                        var bytes = new byte[3_000];
                        new Random(i).nextBytes(bytes);
                        try (var writer = session.open(ItemPath.of("only-one/" + i), ItemKind.FILE)) {
                            writer.write(ByteBuffer.wrap(bytes));
                            writer.finish(Attributes.NONE);
                        }
                    }
                    return new CaptureSummary(Instant.EPOCH, 0, List.of());
                },
                SweepTest::nothing);
    }

    @Test
    void aPartlyFilledPackIsRewrittenAndItsDeadChunksAreFreed() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            var mixed = SampleTree.random(9, 60, 3_000);
            writeAmongOthers(vault, mixed);
            write(vault, TWO, mixed);
            long before = vault.storedBytes();
            vault.forget(ONE);

            var report = vault.sweep();

            assertThat(report.packsDeleted()).isPositive();
            assertThat(vault.storedBytes()).isLessThan(before - 600_000);
            mixed.assertIsIn(vault.open(TWO));
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void aPackOfWhichLittleIsDeadStaysAsItIs() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            var mixed = SampleTree.random(9, 60, 3_000);
            vault.write(
                    ONE,
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        // A little that only this point has lies in packs with what both have.
                        for (byte i = 0; i < 20; i++) {
                            try (var writer = session.open(ItemPath.of("only-one-" + i), ItemKind.FILE)) {
                                writer.write(ByteBuffer.wrap(new byte[] {1, 2, i}));
                                writer.finish(Attributes.NONE);
                            }
                        }
                        mixed.capture(1).fill(session);
                        return new CaptureSummary(Instant.EPOCH, 0, List.of());
                    },
                    SweepTest::nothing);
            write(vault, TWO, mixed);
            write(vault, THREE, SampleTree.random(10, 100, 30_000));
            vault.forget(ONE);

            var report = vault.sweep();

            assertThat(report.packsRewritten()).isZero();
            mixed.assertIsIn(vault.open(TWO));
        }
    }

    @Test
    void onAFullDiskWhatNobodyNeedsIsDeletedAndPartlyNeededPacksWait() throws Exception {
        var full = new AtomicBoolean();
        var disk = new HookedStore(store, key -> {
            if (full.get() && key.value().startsWith(BlobNames.PACKS)) {
                throw new StoreException.Unavailable("storage full", new IOException("ENOSPC"));
            }
        });
        try (var repositories = start(new Installation(folder), "a", disk)) {
            var vault = Installation.vault(repositories);
            var mixed = SampleTree.random(9, 60, 3_000);
            writeAmongOthers(vault, mixed);
            write(vault, TWO, mixed);
            write(vault, THREE, second);
            vault.forget(ONE);
            vault.forget(THREE);
            full.set(true);

            var report = vault.sweep();

            assertThat(report.packsDeleted()).isPositive();
            assertThat(report.packsRewritten()).isZero();
            mixed.assertIsIn(vault.open(TWO));
            full.set(false);
            assertThat(vault.sweep().packsRewritten()).isPositive();
            mixed.assertIsIn(vault.open(TWO));
        }
    }

    @Test
    void aReaderKeepsWhatItReadsFromBeingFreedUntilItEnds() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            var reader = vault.open(ONE);
            reader.items(ItemPath.ROOT, _ -> false);
            vault.forget(ONE);

            var report = vault.sweep();

            // What no point needs is settled only when those who were there have gone.
            assertThat(report.packsDeleted()).isZero();
            first.assertIsIn(reader);
            reader.close();
            vault.sweep();
            vault.sweep();
            assertThat(packs(store)).isZero();
        }
    }

    @Test
    void aPointThatIsForgottenBeforeItsFirstByteIsReadIsNotFound() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            try (var reader = vault.open(ONE)) {
                vault.forget(ONE);
                vault.sweep();
                assertThatThrownBy(() -> reader.find(ItemPath.ROOT)).isInstanceOf(RepositoryException.NotFound.class);
            }
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
        }
    }

    @Test
    void aWriterInAnotherProcessKeepsThePacksThatItReliesOn() throws Exception {
        var installation = new Installation(folder);
        try (var here = start(installation, "a", store);
                var there = start(installation, "b", store)) {
            var vault = Installation.vault(here);
            write(vault, ONE, first);
            var other = Installation.vault(there);
            other.write(
                    TWO,
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        // It has found all its chunks in the packs of a point that goes now.
                        var summary = first.capture(5).fill(session);
                        vault.forget(ONE);
                        assertThat(vault.sweep().packsDeleted()).isZero();
                        assertThat(vault.sweep().packsDeleted()).isZero();
                        return summary;
                    },
                    SweepTest::nothing);
            vault.sweep();
            assertThat(vault.sweep().packsDeleted()).isZero();
            first.assertIsIn(vault.open(TWO));
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void aSweepThatWaitsIsEndedByAnotherProcess() throws Exception {
        var installation = new Installation(folder);
        try (var here = start(installation, "a", store);
                var there = start(installation, "b", store)) {
            var vault = Installation.vault(here);
            var other = Installation.vault(there);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.forget(ONE);
            // The candidates are listed, and then somebody turns out to be there.
            var reader = other.open(TWO);
            var late = new Object() {
                boolean done;
            };
            try (var slow = start(installation, "c", new HookedStore(store, key -> {
                if (key.value().endsWith("-candidates") && !late.done) {
                    late.done = true;
                    reader.find(ItemPath.ROOT);
                }
            }))) {
                var report = Installation.vault(slow).sweep();
                assertThat(report.outcome()).isEqualTo(SweepReport.Outcome.WAITING);
                assertThat(report.waitingFor()).hasSize(1).first().asString().startsWith("b.");
            }
            assertThat(other.sweep().packsDeleted()).isZero();
            reader.close();
            assertThat(other.sweep().packsDeleted()).isPositive();
            second.assertIsIn(vault.open(TWO));
            write(vault, THREE, first);
            first.assertIsIn(vault.open(THREE));
        }
    }

    @Test
    void aWriterThatBeginsBesideASweepDoesNotRelyOnItsCandidates() throws Exception {
        var installation = new Installation(folder);
        try (var here = start(installation, "a", store);
                var there = start(installation, "b", store)) {
            var vault = Installation.vault(here);
            var other = Installation.vault(there);
            write(vault, ONE, first);
            vault.forget(ONE);
            try (var slow = start(installation, "c", new HookedStore(store, key -> {
                if (key.value().endsWith("-sessions")) {
                    // The candidates are there, and nothing has been deleted yet.
                    var manifest = write(other, TWO, first);
                    assertThat(manifest.newBytes()).isPositive();
                }
            }))) {
                Installation.vault(slow).sweep();
            }
            first.assertIsIn(vault.open(TWO));
            assertThat(other.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void aMarkThatCannotBeRemovedFailsNoWriteAndGoesWithTheNextSweep() throws Exception {
        var stuck = new AtomicBoolean(true);
        var failing = new HookedStore(
                store, _ -> {}, key -> stuck.get() && key.value().startsWith(BlobNames.SESSIONS));
        try (var repositories = start(new Installation(folder), "a", failing)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            first.assertIsIn(vault.open(ONE));
            assertThat(store.keys()).anyMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
            stuck.set(false);
            vault.forget(ONE);
            vault.sweep();
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
            assertThat(packs(store)).isZero();
        }
    }

    @Test
    void aReaderThatIsInterruptedRemovesItsMarkAndStaysInterrupted() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            var reader = vault.open(ONE);
            reader.find(ItemPath.ROOT);
            assertThat(store.keys()).anyMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
            Thread.currentThread().interrupt();
            reader.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
        }
    }

    @Test
    void whatNobodyOfThisFormatPutAmongTheSweepsIsLeftAlone() throws Exception {
        var foreign = new BlobKey(BlobNames.SWEEPS + "notes.txt");
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            store.put(foreign, new byte[] {1});
            write(vault, ONE, first);
            vault.forget(ONE);
            assertThat(vault.sweep().outcome()).isEqualTo(SweepReport.Outcome.DONE);
            assertThat(packs(store)).isZero();
            assertThat(store.keys()).contains(foreign);
        }
    }

    @Test
    void marksThatADeadProcessLeftGoWhenItsOwnerStartsAgain() throws Exception {
        var installation = new Installation(folder);
        try (var dying = start(installation, "a", store)) {
            var vault = Installation.vault(dying);
            write(vault, ONE, first);
            vault.open(ONE).find(ItemPath.ROOT);
        }
        assertThat(store.keys()).anyMatch(key -> key.value().startsWith(BlobNames.SESSIONS + "a."));
        try (var again = start(installation, "a", store)) {
            var vault = Installation.vault(again);
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.SESSIONS));
            vault.forget(ONE);
            vault.sweep();
            assertThat(packs(store)).isZero();
        }
    }

    @Test
    void packsThatTheStoreRetainsAreLeftAndTriedAgain() throws Exception {
        var time = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
        var retaining = new MemoryBlobStore(time);
        try (var repositories = start(new Installation(folder), "a", retaining)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            for (var key : retaining.keys()) {
                if (key.value().startsWith(BlobNames.PACKS)) {
                    retaining.retain(key, Instant.parse("2026-01-08T00:00:00Z"));
                }
            }
            vault.forget(ONE);
            var report = vault.sweep();
            assertThat(report.packsRetained()).isPositive();
            assertThat(packs(retaining)).isPositive();
            // A new point does not rely on what is only kept for a while.
            assertThat(write(vault, TWO, first).newBytes()).isPositive();
            time.advance(Duration.ofDays(8));
            vault.sweep();
            vault.sweep();
            first.assertIsIn(vault.open(TWO));
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void whatAnOldPackHoldsIsRetainedWithANewPointToo() throws Exception {
        var time = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
        var retaining = new MemoryBlobStore(time);
        try (var repositories = start(new Installation(folder), "a", retaining)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.retain(ONE, Instant.parse("2026-01-08T00:00:00Z"));
            assertThatThrownBy(() -> vault.forget(ONE)).isInstanceOf(StoreException.Retained.class);
            first.assertIsIn(vault.open(ONE));
            write(vault, TWO, first);
            vault.retain(TWO, Instant.parse("2026-03-01T00:00:00Z"));
            time.advance(Duration.ofDays(30));
            for (var key : retaining.keys()) {
                if (key.value().startsWith(BlobNames.PACKS)) {
                    assertThatThrownBy(() -> retaining.delete(key)).isInstanceOf(StoreException.Retained.class);
                }
            }
        }
    }

    @Test
    void nothingIsFreedWhileWhatAPointNeedsCannotBeTold() throws Exception {
        try (var repositories = start(new Installation(folder), "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.forget(TWO);
            store.damage(BlobNames.point(ONE), 100, 1);
            long before = packs(store);
            assertThatThrownBy(vault::sweep)
                    .isInstanceOf(RepositoryException.Corrupt.class)
                    .hasMessageContaining("recovery point one");
            assertThat(packs(store)).isEqualTo(before);
        }
    }

    @Test
    void aDamagedListStopsSweepsAndKeepsWritersFromRelyingOnOldPacks() throws Exception {
        var installation = new Installation(folder);
        try (var here = start(installation, "a", store);
                var there = start(installation, "b", store)) {
            var vault = Installation.vault(here);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.forget(ONE);
            var reader = Installation.vault(there).open(TWO);
            try (var slow = start(installation, "c", new HookedStore(store, key -> {
                if (key.value().endsWith("-candidates")) {
                    reader.find(ItemPath.ROOT);
                }
            }))) {
                Installation.vault(slow).sweep();
            }
            reader.close();
            var list = store.keys().stream()
                    .filter(key -> key.value().endsWith("-candidates"))
                    .findFirst()
                    .orElseThrow();
            store.damage(list, 80, 1);
            assertThatThrownBy(vault::sweep).isInstanceOf(RepositoryException.Corrupt.class);
            assertThat(write(vault, THREE, second).newBytes()).isPositive();
            second.assertIsIn(vault.open(TWO));
            second.assertIsIn(vault.open(THREE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterACrashAtAnyCallOfASweepAllPointsAreWholeAndTheNextSweepsEndIt(StoreMoment moment) throws Exception {
        var installation = new Installation(folder);
        var shared = SampleTree.random(5, 20, 8_000);
        var gone = SampleTree.random(6, 20, 8_000);
        try (var repositories = start(installation, "a", store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, shared);
            vault.write(
                    TWO,
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        gone.capture(1).fill(session);
                        return new CaptureSummary(Instant.EPOCH, 0, List.of());
                    },
                    SweepTest::nothing);
            vault.forget(TWO);
        }
        for (int call = 1; ; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var copy = store.copy();
            var crashing = new CrashingBlobStore(copy, call, moment);
            try (var repositories = start(installation, "a", crashing)) {
                Installation.vault(repositories).sweep();
            } catch (CrashingBlobStore.Crash crash) {
                assertThat(crashing.crashed()).isTrue();
            }
            try (var repositories = start(installation, "a", copy)) {
                var vault = Installation.vault(repositories);
                shared.assertIsIn(vault.open(ONE));
                vault.sweep();
                vault.sweep();
                assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
                shared.assertIsIn(vault.open(ONE));
                assertThat(vault.sweep().outcome()).isEqualTo(SweepReport.Outcome.NOTHING);
                assertThat(copy.keys()).noneMatch(key -> key.value().startsWith(BlobNames.FORGOTTEN));
                write(vault, THREE, gone);
                gone.assertIsIn(vault.open(THREE));
            }
            if (!crashing.crashed()) {
                return;
            }
        }
    }

    @Test
    void writersReadersAndSweepsOfThreeProcessesNeverLoseAPoint() throws Exception {
        var installation = new Installation(folder);
        var trees = new ArrayList<SampleTree>();
        for (int i = 0; i < 6; i++) {
            trees.add(SampleTree.random(100 + i, 12, 6_000));
        }
        try (var one = start(installation, "a", store);
                var two = start(installation, "b", store);
                var three = start(installation, "c", store)) {
            var vaults = List.of(Installation.vault(one), Installation.vault(two), Installation.vault(three));
            var live = new ConcurrentHashMap<SessionId, SampleTree>();
            var numbers = new AtomicInteger();
            try (var group = TaskGroup.<Boolean>onPlatformThreads("mixed")) {
                for (int thread = 0; thread < 3; thread++) {
                    var vault = vaults.get(thread);
                    var random = new Random(thread);
                    group.fork(() -> {
                        for (int round = 0; round < 25; round++) {
                            var tree = trees.get(random.nextInt(trees.size()));
                            var id = new SessionId("p" + numbers.incrementAndGet());
                            write(vault, id, tree);
                            live.put(id, tree);
                            var any = live.keySet().stream()
                                    .skip(random.nextInt(live.size()))
                                    .findFirst();
                            if (any.isPresent() && random.nextBoolean()) {
                                var taken = Optional.ofNullable(live.remove(any.get()));
                                if (taken.isPresent()) {
                                    vault.forget(any.get());
                                }
                            }
                            vault.sweep();
                        }
                        return true;
                    });
                }
                group.join();
            }
            for (var vault : vaults) {
                for (var point : live.entrySet()) {
                    try (var reader = vault.open(point.getKey())) {
                        point.getValue().assertIsIn(reader);
                    }
                }
            }
            assertThat(vaults.getFirst().verify(VerifyRequest.ALL).findings()).isEmpty();
            live.keySet().forEach(id -> {
                try {
                    vaults.getFirst().forget(id);
                } catch (InterruptedException stop) {
                    throw new IllegalStateException(stop);
                }
            });
            for (int i = 0; i < 3; i++) {
                vaults.getFirst().sweep();
            }
            assertThat(packs(store)).isZero();
        }
    }
}
