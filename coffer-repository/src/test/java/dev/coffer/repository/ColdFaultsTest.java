package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.ItemPath;
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
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.store.StoreMoment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cold storage when processes die, disks are not there or full, and packs are damaged. */
final class ColdFaultsTest extends ColdVaults {
    private static final int LAST_CALL_AT_MOST = 3_000;

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
    void aPackWhoseReadingBackIsStoppedDoesNotStay() throws Exception {
        var stopped = new AtomicBoolean();
        var stopping = new ClosedStore(cold, new AtomicBoolean()) {
            @Override
            public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
                if (key.value().startsWith(BlobNames.PACKS) && stopped.compareAndSet(false, true)) {
                    throw new InterruptedException();
                }
                return super.open(key, range);
            }
        };
        try (var repositories = start(new Installation(folder), "a", stopping)) {
            var vault = Installation.vault(repositories);
            write(vault, ONE, first);
            assertThatThrownBy(() -> vault.chill(List.of(ONE))).isInstanceOf(InterruptedException.class);
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
}
