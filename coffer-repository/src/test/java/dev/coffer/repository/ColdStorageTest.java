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
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.CrashingBlobStore;
import dev.coffer.testkit.store.FaultyBlobStore;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.store.StoreMoment;
import dev.coffer.testkit.time.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ColdStorageTest {
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");
    private static final SessionId THREE = new SessionId("three");
    private static final int LAST_CALL_AT_MOST = 3_000;
    private static final Instant EPOCH = Instant.EPOCH;

    @TempDir
    Path folder;

    private final SampleTree first = SampleTree.random(1, 40, 30_000);
    private final SampleTree second = SampleTree.random(2, 40, 30_000);
    private final MemoryBlobStore warm = new MemoryBlobStore(InstantSource.fixed(EPOCH));
    private final MemoryBlobStore cold = new MemoryBlobStore(InstantSource.fixed(EPOCH));

    private static void nothing() {}

    private static Manifest write(Repository vault, SessionId id, SampleTree tree) throws InterruptedException {
        return vault.write(id, SampleTree.description(), Optional.empty(), tree.capture(1), ColdStorageTest::nothing);
    }

    private FileRepositories start(Installation installation, String owner, BlobStore coldStore) throws IOException {
        return installation.start(owner, _ -> warm, _ -> coldStore);
    }

    private FileRepositories start() throws IOException {
        return start(new Installation(folder), "a", cold);
    }

    /** A process that does not have the disk of cold storage. */
    private FileRepositories withoutDisk(Installation installation, String owner) throws IOException {
        return start(installation, owner, new MemoryBlobStore(InstantSource.fixed(EPOCH)));
    }

    private static long bytes(MemoryBlobStore store) {
        return store.keys().stream()
                .filter(key -> key.value().startsWith(BlobNames.PACKS))
                .mapToLong(key -> store.bytes(key).length)
                .sum();
    }

    private static List<BlobKey> packs(MemoryBlobStore store) {
        return store.keys().stream()
                .filter(key -> key.value().startsWith(BlobNames.PACKS))
                .toList();
    }

    private static void sweepToTheEnd(Repository vault) throws InterruptedException {
        for (int i = 0; i < 10 && vault.sweep().outcome() != SweepReport.Outcome.NOTHING; i++) {
            // The first may have to wait for what it saw itself.
        }
    }

    private static void assertReads(Repository vault, SessionId id, SampleTree tree) throws Exception {
        try (var reader = vault.open(id)) {
            tree.assertIsIn(reader);
        }
    }

    /** What a point that is not cold needs is there without cold storage. */
    private void assertReadsFromWarmAlone(Installation installation, SessionId id, SampleTree tree) throws Exception {
        try (var repositories = withoutDisk(installation, "disk" + new Random().nextInt(1 << 30))) {
            assertReads(Installation.vault(repositories), id, tree);
        }
    }

    @Test
    void aPointThatIsAloneMovesWholeAndItsTreeStaysWarm() throws Exception {
        try (var repositories = start()) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            long before = bytes(warm);

            assertThat(vault.chill(List.of(ONE))).isTrue();
            assertThat(vault.cold()).containsExactly(ONE);
            assertThat(bytes(cold)).isPositive();
            assertReads(vault, ONE, first);
            sweepToTheEnd(vault);

            assertThat(bytes(warm)).as("the tree").isBetween(1L, before / 10);
            assertThat(vault.storedBytes()).isBetween(bytes(cold), bytes(cold) + bytes(warm) + 40_000);
            assertReads(vault, ONE, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
            var packs = packs(cold);
            assertThat(vault.chill(List.of(ONE))).isTrue();
            assertThat(packs(cold)).as("after a repeat").isEqualTo(packs);
        }
        try (var again = start(new Installation(folder), "b", cold)) {
            assertReads(Installation.vault(again), ONE, first);
        }
    }

    @Test
    void whatAWarmPointNeedsStaysWarmUntilNoneNeedsItAny() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = start(installation, "a", cold)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, first);
            vault.chill(List.of(ONE));
            sweepToTheEnd(vault);
            assertThat(packs(cold)).isEmpty();
            assertReadsFromWarmAlone(installation, TWO, first);

            vault.forget(TWO);
            sweepToTheEnd(vault);
            assertThat(bytes(cold)).isPositive();
            assertThat(bytes(warm)).isLessThan(bytes(cold) / 5);
            assertReads(vault, ONE, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    /** A tree among 300 small files in the same packs. */
    private static void writeAmongOthers(Repository vault, SessionId id, SampleTree mixed) throws InterruptedException {
        vault.write(
                id,
                SampleTree.description(),
                Optional.empty(),
                session -> {
                    mixed.capture(1).fill(session);
                    for (int i = 0; i < 300; i++) {
                        var bytes = new byte[3_000];
                        new Random(i).nextBytes(bytes);
                        try (var writer = session.open(ItemPath.of("only-one/" + i), ItemKind.FILE)) {
                            writer.write(ByteBuffer.wrap(bytes));
                            writer.finish(Attributes.NONE);
                        }
                    }
                    return new CaptureSummary(EPOCH, 0, List.of());
                },
                ColdStorageTest::nothing);
    }

    @Test
    void ofPacksThatWarmAndColdPointsShareOnlyWhatIsColdMoves() throws Exception {
        var installation = new Installation(folder);
        var mixed = SampleTree.random(9, 60, 3_000);
        try (var repositories = start(installation, "a", cold)) {
            var vault = Installation.vault(repositories);
            writeAmongOthers(vault, ONE, mixed);
            write(vault, TWO, mixed);
            long before = bytes(warm);
            vault.chill(List.of(ONE));
            sweepToTheEnd(vault);

            assertThat(bytes(cold)).isBetween(900_000L, 1_000_000L);
            assertThat(bytes(warm)).isLessThan(before - 800_000);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
            try (var reader = vault.open(ONE)) {
                var item = reader.find(ItemPath.of("only-one/299")).orElseThrow();
                var expected = new byte[3_000];
                new Random(299).nextBytes(expected);
                try (var in = reader.open(item, new ByteRange(0, 3_000))) {
                    assertThat(in.readAllBytes()).isEqualTo(expected);
                }
            }
        }
        assertReadsFromWarmAlone(installation, TWO, mixed);
    }

    @Test
    void aNewPointDoesNotRelyOnColdStorageAndItsChunksAreStoredWarmAgain() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = start(installation, "a", cold)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            sweepToTheEnd(vault);
            assertThat(write(vault, TWO, first).newBytes()).isPositive();
            sweepToTheEnd(vault);
            assertThat(bytes(cold)).as("both keep their own").isPositive();
            assertReadsFromWarmAlone(installation, TWO, first);

            // What the cold point alone had is gone with it, also if a warm one has the same.
            vault.forget(ONE);
            sweepToTheEnd(vault);
            assertThat(packs(cold)).isEmpty();
            assertThat(warm.keys()).noneMatch(key -> key.value().startsWith(BlobNames.COLD));
            assertReads(vault, TWO, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void aCaptureThatReliesOnWhatMovesMeanwhileFindsItWarm() throws Exception {
        var installation = new Installation(folder);
        try (var here = start(installation, "a", cold);
                var there = start(installation, "b", cold)) {
            var vault = Installation.vault(here);
            write(vault, ONE, first);
            var other = Installation.vault(there);
            other.write(
                    TWO,
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        // It has found all its chunks in packs of a point that moves now.
                        var summary = first.capture(5).fill(session);
                        assertThat(vault.chill(List.of(ONE))).isTrue();
                        assertThat(vault.sweep().packsDeleted()).isZero();
                        assertThat(vault.sweep().packsDeleted()).isZero();
                        return summary;
                    },
                    ColdStorageTest::nothing);
            sweepToTheEnd(vault);
            assertReads(vault, ONE, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
        assertReadsFromWarmAlone(installation, TWO, first);
    }

    @Test
    void aCaptureThatBeganBeforeTheCandidatesWereListedKeepsThemWarm() throws Exception {
        var installation = new Installation(folder);
        var filled = new CountDownLatch(1);
        var listed = new CountDownLatch(1);
        var once = new AtomicInteger();
        try (var here = start(installation, "a", cold);
                var there = start(installation, "b", cold);
                var group = TaskGroup.<Manifest>onPlatformThreads("capture")) {
            var vault = Installation.vault(here);
            write(vault, ONE, first);
            assertThat(vault.chill(List.of(ONE))).isTrue();
            var other = Installation.vault(there);
            var hooked = new ClosedStore(warm, new AtomicBoolean()) {
                @Override
                public void create(BlobKey key, Payload payload) throws InterruptedException {
                    if (key.value().endsWith("-candidates") && once.incrementAndGet() == 1) {
                        // It relies on packs that are about to be listed, and cannot know.
                        group.fork(() -> other.write(
                                TWO,
                                SampleTree.description(),
                                Optional.empty(),
                                session -> {
                                    var summary = first.capture(1).fill(session);
                                    filled.countDown();
                                    listed.await();
                                    return summary;
                                },
                                ColdStorageTest::nothing));
                        filled.await();
                    }
                    super.create(key, payload);
                }
            };
            try (var slow = installation.start("c", _ -> hooked, _ -> cold)) {
                var sweeping = Installation.vault(slow);
                assertThat(sweeping.sweep().outcome()).isEqualTo(SweepReport.Outcome.WAITING);
                listed.countDown();
                assertThat(group.join().getFirst().newBytes())
                        .as("all was found")
                        .isZero();
                sweepToTheEnd(sweeping);
            }
            assertReads(vault, ONE, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
        assertReadsFromWarmAlone(installation, TWO, first);
    }

    @Test
    void aCaptureOfTheSameProcessDoesNotRelyOnAColdPackThatIsMadeMeanwhile() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = start(installation, "a", cold)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.write(
                    TWO,
                    SampleTree.description(),
                    Optional.empty(),
                    session -> {
                        assertThat(vault.chill(List.of(ONE))).isTrue();
                        packs(warm).forEach(warm::lose);
                        return first.capture(1).fill(session);
                    },
                    ColdStorageTest::nothing);
            assertThat(bytes(cold)).isPositive();
        }
        // Nothing of it was taken from cold storage, so without warm packs nothing of what it found there is left.
        try (var repositories = withoutDisk(installation, "b")) {
            var vault = Installation.vault(repositories);
            assertThatThrownBy(() -> assertReads(vault, TWO, first)).isInstanceOf(RepositoryException.Corrupt.class);
        }
    }

    @Test
    void aPartlyFilledColdPackIsRewrittenInColdStorage() throws Exception {
        var mixed = SampleTree.random(9, 60, 3_000);
        try (var repositories = start()) {
            var vault = Installation.vault(repositories);
            writeAmongOthers(vault, ONE, mixed);
            write(vault, TWO, mixed);
            vault.chill(List.of(ONE, TWO));
            sweepToTheEnd(vault);
            long before = bytes(cold);
            vault.forget(ONE);
            sweepToTheEnd(vault);
            assertThat(bytes(cold)).isBetween(1L, before - 600_000);
            assertReads(vault, TWO, mixed);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void whatIsGoneIsLeftOutAndTheRestMoves() throws Exception {
        try (var repositories = start()) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.forget(TWO);
            assertThat(vault.chill(List.of(ONE, TWO, THREE))).isTrue();
            assertThat(vault.cold()).containsExactly(ONE);
            vault.forget(ONE);
            assertThat(vault.cold()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterACrashAtAnyCallOfAMoveAllPointsAreWholeAndTheNextOneEndsIt(StoreMoment moment) throws Exception {
        var installation = new Installation(folder);
        var store = new MemoryBlobStore(InstantSource.fixed(EPOCH));
        var shared = SampleTree.random(5, 20, 8_000);
        var alone = SampleTree.random(6, 20, 8_000);
        try (var repositories = parts(installation, store)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, shared);
            write(vault, TWO, shared);
            write(vault, THREE, alone);
        }
        for (int call = 1; ; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var copy = store.copy();
            var crashing = new CrashingBlobStore(copy, call, moment);
            try (var repositories = parts(installation, crashing)) {
                var vault = Installation.vault(repositories);
                vault.chill(List.of(ONE, THREE));
                vault.sweep();
            } catch (CrashingBlobStore.Crash crash) {
                assertThat(crashing.crashed()).isTrue();
            }
            try (var repositories = parts(installation, copy)) {
                var vault = Installation.vault(repositories);
                assertReads(vault, ONE, shared);
                assertReads(vault, TWO, shared);
                assertReads(vault, THREE, alone);
                assertThat(vault.chill(List.of(ONE, THREE))).isTrue();
                sweepToTheEnd(vault);
                assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
                assertReads(vault, THREE, alone);
                assertThat(vault.cold()).containsExactly(ONE, THREE);
                vault.forget(THREE);
                sweepToTheEnd(vault);
                assertThat(copy.keys()).noneMatch(key -> key.value().startsWith("cold/packs/"));
                assertReads(vault, ONE, shared);
            }
            if (!crashing.crashed()) {
                return;
            }
        }
    }

    private static FileRepositories parts(Installation installation, BlobStore whole) throws IOException {
        return installation.start("a", _ -> new PartOfStore(whole, "warm"), _ -> new PartOfStore(whole, "cold"));
    }

    @Test
    void writersReadersMovesAndSweepsOfThreeProcessesNeverLoseAPoint() throws Exception {
        var installation = new Installation(folder);
        var trees = new ArrayList<SampleTree>();
        for (int i = 0; i < 6; i++) {
            trees.add(SampleTree.random(100 + i, 12, 6_000));
        }
        var live = new ConcurrentHashMap<SessionId, SampleTree>();
        var chilled = ConcurrentHashMap.<SessionId>newKeySet();
        try (var one = start(installation, "a", cold);
                var two = start(installation, "b", cold);
                var three = start(installation, "c", cold)) {
            var vaults = List.of(Installation.vault(one), Installation.vault(two), Installation.vault(three));
            var numbers = new AtomicInteger();
            try (var group = TaskGroup.<Boolean>onPlatformThreads("mixed")) {
                for (int thread = 0; thread < 3; thread++) {
                    var vault = vaults.get(thread);
                    var random = new Random(thread);
                    group.fork(() -> {
                        for (int round = 0; round < 20; round++) {
                            var tree = trees.get(random.nextInt(trees.size()));
                            var id = new SessionId("p" + numbers.incrementAndGet());
                            write(vault, id, tree);
                            switch (random.nextInt(3)) {
                                case 0 -> {
                                    chilled.add(id);
                                    vault.chill(List.of(id));
                                    live.put(id, tree);
                                }
                                case 1 -> vault.forget(id);
                                default -> live.put(id, tree);
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
                    assertReads(vault, point.getKey(), point.getValue());
                }
            }
            assertThat(vaults.getFirst().verify(VerifyRequest.ALL).findings()).isEmpty();
        }
        try (var repositories = withoutDisk(installation, "d")) {
            var vault = Installation.vault(repositories);
            for (var point : live.entrySet()) {
                if (!chilled.contains(point.getKey())) {
                    assertReads(vault, point.getKey(), point.getValue());
                }
            }
        }
    }

    @Test
    void withoutItsDiskColdPointsWaitAndWarmOnesGoOn() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = start(installation, "a", cold)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.chill(List.of(ONE));
            sweepToTheEnd(vault);
        }
        try (var repositories = withoutDisk(installation, "b")) {
            var vault = Installation.vault(repositories);
            try (var reader = vault.open(ONE)) {
                assertThatThrownBy(() -> reader.find(ItemPath.ROOT))
                        .isInstanceOf(StoreException.Unavailable.class)
                        .hasMessageContaining("cold storage of the vault is not at");
            }
            assertReads(vault, TWO, second);
            write(vault, THREE, second);
            assertThatThrownBy(() -> vault.chill(List.of(TWO))).isInstanceOf(StoreException.Unavailable.class);
            assertThatThrownBy(() -> vault.verify(VerifyRequest.STRUCTURE))
                    .isInstanceOf(StoreException.Unavailable.class);
            vault.forget(THREE);
            sweepToTheEnd(vault);
            assertReads(vault, TWO, second);
        }
        try (var repositories = start(installation, "c", cold)) {
            var vault = Installation.vault(repositories);
            assertReads(vault, ONE, first);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).isEmpty();
        }
    }

    @Test
    void aSweepThatIsEndedWithoutTheColdDiskDeletesNothingThatItDoesNotSeeElsewhere() throws Exception {
        var installation = new Installation(folder);
        try (var there = start(installation, "b", cold)) {
            var vault = Installation.vault(there);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            var before = packs(warm);
            var reader = vault.open(ONE);
            var late = new AtomicInteger();
            var hooked = new ClosedStore(warm, new AtomicBoolean()) {
                @Override
                public void create(BlobKey key, Payload payload) throws InterruptedException {
                    super.create(key, payload);
                    if (key.value().endsWith("-candidates") && late.incrementAndGet() == 1) {
                        reader.find(ItemPath.ROOT);
                    }
                }
            };
            try (var slow = installation.start("c", _ -> hooked, _ -> cold)) {
                assertThat(Installation.vault(slow).sweep().outcome()).isEqualTo(SweepReport.Outcome.WAITING);
            }
            reader.close();
            try (var blind = withoutDisk(installation, "d")) {
                sweepToTheEnd(Installation.vault(blind));
            }
            assertThat(packs(warm)).isEqualTo(before);
            sweepToTheEnd(vault);
            assertThat(packs(warm)).hasSizeLessThan(before.size());
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void nothingMovesWithoutColdStorageOrToThatOfAnotherVault() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start("cache", Installation.SMALL, _ -> warm, "x")) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            assertThatThrownBy(() -> vault.chill(List.of(ONE)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("none is configured");
        }
        var other = new MemoryBlobStore(InstantSource.fixed(EPOCH));
        other.put(BlobNames.FORMAT, new byte[] {1});
        try (var repositories = start(installation, "b", other)) {
            var vault = Installation.vault(repositories);
            assertThatThrownBy(() -> vault.chill(List.of(ONE))).isInstanceOf(RepositoryException.OtherVault.class);
            assertThat(vault.cold()).isEmpty();
        }
        try (var repositories = start(installation, "c", cold)) {
            Files.delete(folder.resolve("cold"));
            var vault = Installation.vault(repositories);
            assertThatThrownBy(() -> vault.chill(List.of(ONE)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("is not there. See that its disk is mounted");
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void aFullColdDiskFailsTheMoveAndNoSweep() throws Exception {
        var full = new AtomicBoolean(true);
        var disk = new ClosedStore(cold, full);
        try (var repositories = start(new Installation(folder), "a", disk)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            write(vault, TWO, second);
            assertThatThrownBy(() -> vault.chill(List.of(ONE))).isInstanceOf(StoreException.Unavailable.class);
            vault.forget(TWO);
            sweepToTheEnd(vault);
            assertThat(bytes(cold)).isZero();
            assertReads(vault, ONE, first);
            full.set(false);
            assertThat(vault.sweep().outcome()).isEqualTo(SweepReport.Outcome.DONE);
            assertThat(bytes(cold)).isPositive();
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void aPackThatDoesNotComeBackAsItWasWrittenIsNotReliedOn() throws Exception {
        var lying = new ClosedStore(cold, new AtomicBoolean()) {
            @Override
            public void create(BlobKey key, Payload payload) throws InterruptedException {
                super.create(key, payload);
                if (key.value().startsWith(BlobNames.PACKS)) {
                    cold.damage(key, 100, 1);
                }
            }
        };
        try (var repositories = start(new Installation(folder), "a", lying)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            assertThatThrownBy(() -> vault.chill(List.of(ONE)))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("did not come back from cold storage");
            assertThat(packs(cold)).isEmpty();
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void damageInColdStorageIsFoundAndRepairedThere() throws Exception {
        try (var repositories = start()) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            sweepToTheEnd(vault);
            var copy = cold.copy();
            var pack = packs(cold).getFirst();
            cold.damage(pack, 200, 1);
            assertThat(vault.verify(VerifyRequest.ALL).findings())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.blob()).isEqualTo(pack.value());
                        assertThat(finding.points()).containsExactly(ONE);
                    });
            assertThat(vault.verify(VerifyRequest.ALL.repairedFrom(copy)).isSound())
                    .isTrue();
            assertThat(cold.keys()).contains(pack);
            assertThat(warm.keys()).doesNotContain(pack);
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void ofAChunkInBothTheWarmCopyIsReadAndTheColdOneIfItIsDamaged() throws Exception {
        try (var repositories = start()) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            // Before the sweep every chunk lies in both.
            for (var pack : packs(cold)) {
                cold.damage(pack, 100, 1);
            }
            assertReads(vault, ONE, first);
        }
        try (var repositories = start(new Installation(folder), "b", cold)) {
            var vault = Installation.vault(repositories);
            var packs = packs(cold);
            assertThat(vault.verify(VerifyRequest.ALL).findings()).hasSameSizeAs(packs);
            sweepToTheEnd(vault);
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void whatTheStoreRetainsIsKeptWhereItWasAndWhereItIsNow() throws Exception {
        var time = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
        var retaining = new MemoryBlobStore(time);
        var retainingCold = new MemoryBlobStore(time);
        try (var repositories = new Installation(folder).start("a", _ -> retaining, _ -> retainingCold)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.retain(ONE, Instant.parse("2026-02-01T00:00:00Z"));
            vault.chill(List.of(ONE));
            vault.retain(ONE, Instant.parse("2026-03-01T00:00:00Z"));
            assertThat(vault.sweep().packsRetained()).isPositive();
            for (var pack : packs(retainingCold)) {
                assertThat(retainingCold.retainedUntil(pack)).contains(Instant.parse("2026-03-01T00:00:00Z"));
            }
            time.advance(Duration.ofDays(80));
            sweepToTheEnd(vault);
            assertThat(bytes(retaining)).isLessThan(bytes(retainingCold) / 5);
            assertReads(vault, ONE, first);
        }
    }

    @Test
    void aColdPartThatCannotRetainKeepsNobodyFromRetainingTheRest() throws Exception {
        var time = new TestClock(Instant.parse("2026-01-01T00:00:00Z"));
        var retaining = new MemoryBlobStore(time);
        var plain = new ClosedStore(cold, new AtomicBoolean());
        try (var repositories = new Installation(folder).start("a", _ -> retaining, _ -> plain)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            vault.retain(ONE, Instant.parse("2026-03-01T00:00:00Z"));
            assertThatThrownBy(() -> vault.forget(ONE)).isInstanceOf(StoreException.Retained.class);
        }
    }

    @Test
    void aVaultThatIsDestroyedLeavesNothingInColdStorage() throws Exception {
        var installation = new Installation(folder);
        try (var repositories = installation.start("a", UnaryOperator.identity(), UnaryOperator.identity())) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            vault.chill(List.of(ONE));
            var place = folder.resolve("cold/111122223333/eu-west-1/Default");
            assertThat(place.resolve("format")).exists();
            assertThat(VaultFolder.toRead(installation.vaultFolder(), Optional.empty())
                            .contents())
                    .as("found beside the vaults")
                    .satisfies(contents -> {
                        assertThat(contents.coldPoints()).isEqualTo(1);
                        assertThat(contents.coldPacks()).isPositive();
                        assertThat(contents.coldBytes()).isPositive();
                    });
            assertThat(VaultFolder.toRead(installation.vaultFolder(), Optional.of(place))
                            .verifyWithoutKeys()
                            .findings())
                    .isEmpty();
            assertThatThrownBy(() -> VaultFolder.toRead(installation.vaultFolder(), Optional.of(folder)))
                    .isInstanceOf(StoreException.Unavailable.class);
            vault.forget(ONE);
            repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID);
            assertThat(place).doesNotExist();
            assertThat(installation.vaultFolder()).doesNotExist();
        }
    }

    @Test
    void whileAnotherThreadSweepsNothingMoves() throws Exception {
        var faults = new FaultyBlobStore(warm);
        var installation = new Installation(folder);
        var refused = new ArrayList<Boolean>();
        var self = new AtomicInteger();
        var vaults = new ArrayList<Repository>();
        var hooked = new ClosedStore(faults, new AtomicBoolean()) {
            @Override
            public void create(BlobKey key, Payload payload) throws InterruptedException {
                super.create(key, payload);
                if (key.value().endsWith("-candidates") && self.incrementAndGet() == 1) {
                    try (var group = TaskGroup.<Boolean>onPlatformThreads("chill")) {
                        group.fork(() -> vaults.getFirst().chill(List.of(ONE)));
                        refused.addAll(group.join());
                    }
                }
            }
        };
        try (var repositories = installation.start("a", _ -> hooked, _ -> cold)) {
            var vault = Installation.vault(repositories);
            vaults.add(vault);
            write(vault, ONE, first);
            write(vault, TWO, second);
            vault.forget(TWO);
            vault.sweep();
            assertThat(refused).containsExactly(false);
            assertThat(vault.cold()).isEmpty();
        }
    }
}
