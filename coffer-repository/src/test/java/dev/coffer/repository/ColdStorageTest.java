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
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.testkit.store.FaultyBlobStore;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.time.TestClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What moves to cold storage, and what stays. */
final class ColdStorageTest extends ColdVaults {
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
                ColdVaults::nothing);
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
                    ColdVaults::nothing);
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
                                ColdVaults::nothing));
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
                    ColdVaults::nothing);
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
