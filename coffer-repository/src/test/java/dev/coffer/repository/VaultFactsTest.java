package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.RepositoryException.Corrupt;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.verify.KeylessVerifier;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.time.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, lifecycles and legal holds as blobs. */
final class VaultFactsTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionId ONE = new SessionId("one");
    private static final VaultLock LOCK = new VaultLock.Compliance(
            new RetentionBounds(OptionalLong.of(7), OptionalLong.empty()), START.plusSeconds(99));

    private static final HoldFact HOLD =
            new HoldFact(new HoldId("h"), "case", "why", HoldSelection.ALL, START, Optional.empty());

    @TempDir
    Path folder;

    private final MemoryBlobStore store = new MemoryBlobStore(new TestClock(START));

    private FileRepositories start(String owner) throws Exception {
        return new Installation(folder).start("cache-" + owner, Installation.SMALL, _ -> store, owner);
    }

    @Test
    void factsAreSeenByOtherProcessesAndAfterARestart() throws Exception {
        try (var here = start("a");
                var there = start("b")) {
            var facts = Installation.vault(here).facts();
            assertThat(facts.put(new LockFact(1, LOCK))).isTrue();
            facts.put(ONE, Lifecycle.NONE);
            assertThat(Installation.vault(there).facts().lock()).contains(new LockFact(1, LOCK));
            assertThat(Installation.vault(there).facts().put(new LockFact(2, new VaultLock.None())))
                    .isTrue();
        }
        try (var again = start("a")) {
            assertThat(Installation.vault(again).facts().lock()).contains(new LockFact(2, new VaultLock.None()));
            assertThat(Installation.vault(again).facts().lifecycle(ONE)).contains(Lifecycle.NONE);
        }
    }

    @Test
    void everyChangedBitOfALockIsNoticed() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.facts().put(new LockFact(1, LOCK));
            var key = BlobNames.lock(1);
            var bytes = store.bytes(key);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                store.damage(key, bit / 8, 1 << bit % 8);
                assertThatExceptionOfType(RuntimeException.class)
                        .isThrownBy(() -> vault.facts().lock());
                assertThat(new KeylessVerifier(store).verify().findings())
                        .extracting(Finding::blob)
                        .containsExactly(key.value());
                store.put(key, bytes);
            }
            store.damage(key, 70, 1);
            assertThat(vault.verify(VerifyRequest.STRUCTURE).findings())
                    .extracting(Finding::blob)
                    .containsExactly(key.value());
        }
    }

    @Test
    void everyChangedBitOfAHoldIsNoticedAndItIsNoOtherHold() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.facts().put(HOLD);
            var key = BlobNames.hold(HOLD.id(), HoldFact.IN_FORCE);
            var bytes = store.bytes(key);
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                store.damage(key, bit / 8, 1 << bit % 8);
                assertThatExceptionOfType(RuntimeException.class)
                        .isThrownBy(() -> vault.facts().holds());
                store.put(key, bytes);
            }
            store.damage(key, 70, 1);
            assertThat(new KeylessVerifier(store).verify().findings())
                    .extracting(Finding::blob)
                    .containsExactly(key.value());
            assertThat(vault.verify(VerifyRequest.STRUCTURE).findings())
                    .extracting(Finding::blob)
                    .containsExactly(key.value());
            store.put(key, bytes);
            store.put(BlobNames.hold(HOLD.id(), HoldFact.CANCELLED), bytes);
            assertThatExceptionOfType(Corrupt.class)
                    .isThrownBy(() -> vault.facts().holds());
        }
    }

    @Test
    void storageThatKeepsAHoldKeepsItAlsoWhenItIsCancelled() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.write(
                    ONE,
                    SampleTree.description(),
                    Optional.empty(),
                    SampleTree.random(1, 3, 900).capture(1),
                    () -> {});
            vault.facts().put(HOLD);
            vault.retain(ONE, START.plusSeconds(500));
            assertThat(store.retainedUntil(BlobNames.hold(HOLD.id(), HoldFact.IN_FORCE)))
                    .contains(START.plusSeconds(500));
            var cancelled = HOLD.cancelled(new HoldState.Cancellation(START, "settled", START));
            vault.facts().put(cancelled);
            vault.facts().forget(HOLD.id());
            assertThat(vault.facts().holds()).containsExactly(cancelled);
        }
    }

    @Test
    void aLockThatIsPutUnderAnotherNumberOrIntoAnotherVaultIsNone() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.facts().put(new LockFact(1, new VaultLock.None()));
            vault.facts().put(new LockFact(2, LOCK));
            // Whoever copies the blobs cannot make an old lock the newest.
            store.put(BlobNames.lock(3), store.bytes(BlobNames.lock(1)));
            assertThatExceptionOfType(Corrupt.class)
                    .isThrownBy(() -> vault.facts().lock());
        }
    }

    @Test
    void namesThatAreNoNumbersAreLeftAlone() throws Exception {
        try (var here = start("a")) {
            var facts = Installation.vault(here).facts();
            store.put(new BlobKey(BlobNames.LOCKS + "notes.txt"), new byte[] {1});
            store.put(new BlobKey(BlobNames.HOLDS + "notes.txt"), new byte[] {1});
            store.put(new BlobKey(BlobNames.HOLDS + "000000000001"), new byte[] {1});
            store.put(new BlobKey(BlobNames.HOLDS + "case/notes.txt"), new byte[] {1});
            assertThat(facts.holds()).isEmpty();
            assertThat(facts.lock()).isEmpty();
            facts.put(new LockFact(1, LOCK));
            assertThat(facts.lock()).contains(new LockFact(1, LOCK));
        }
    }

    @Test
    void storageThatKeepsAPointKeepsWhatSaysHowLong() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.write(
                    ONE,
                    SampleTree.description(),
                    Optional.empty(),
                    SampleTree.random(1, 3, 900).capture(1),
                    () -> {});
            vault.facts().put(new LockFact(1, LOCK));
            vault.facts().put(ONE, Lifecycle.NONE);
            vault.retain(ONE, START.plusSeconds(500));
            assertThat(store.retainedUntil(BlobNames.lock(1))).contains(START.plusSeconds(500));
            assertThat(store.retainedUntil(BlobNames.lifecycle(ONE, 1))).contains(START.plusSeconds(500));
        }
    }

    @Test
    void aForgottenPointLeavesNoLifecycle() throws Exception {
        try (var here = start("a")) {
            var vault = Installation.vault(here);
            vault.write(
                    ONE,
                    SampleTree.description(),
                    Optional.empty(),
                    SampleTree.random(1, 3, 900).capture(1),
                    () -> {});
            vault.facts().put(ONE, Lifecycle.NONE);
            vault.facts().put(ONE, Lifecycle.NONE);
            vault.forget(ONE);
            assertThat(store.keys()).noneMatch(key -> key.value().startsWith(BlobNames.LIFECYCLES));
        }
    }
}
