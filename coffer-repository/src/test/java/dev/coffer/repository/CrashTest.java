package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobStore;
import dev.coffer.testkit.store.CrashingBlobStore;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.store.StoreMoment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends the process at each call of the store, and looks what the next process finds. */
final class CrashTest {
    private static final SessionId BEFORE = new SessionId("before");
    private static final SessionId ID = new SessionId("one");
    private static final int LAST_CALL_AT_MOST = 1000;

    @TempDir
    Path folder;

    private final SampleTree earlier = SampleTree.random(1, 40, 20_000);
    private final SampleTree tree = SampleTree.random(2, 40, 30_000);

    private static void nothing() {}

    private static MemoryBlobStore empty() {
        return new MemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
    }

    private interface Work {
        void run(FileRepositories repositories) throws Exception;
    }

    /** Whether the process crashed. */
    private static boolean crashes(Installation installation, CrashingBlobStore store, Work work) throws Exception {
        try (var repositories = installation.start(Installation.SMALL, _ -> store)) {
            work.run(repositories);
        } catch (CrashingBlobStore.Crash crash) {
            assertThat(store.crashed()).isTrue();
        }
        return store.crashed();
    }

    private FileRepositories start(Installation installation, BlobStore store) {
        return installation.start(Installation.SMALL, _ -> store);
    }

    @ParameterizedTest
    @EnumSource
    void afterACrashAtAnyCallOfAWriteAllPointsAreWholeAndTheRepeatCommits(StoreMoment moment) throws Exception {
        var installation = new Installation(folder);
        var base = empty();
        try (var repositories = start(installation, base)) {
            Installation.vault(repositories)
                    .write(BEFORE, SampleTree.description(), Optional.empty(), earlier.capture(1), CrashTest::nothing);
        }
        for (int call = 1; ; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var store = base.copy();
            boolean crashed = crashes(
                    installation,
                    new CrashingBlobStore(store, call, moment),
                    repositories -> Installation.vault(repositories)
                            .write(
                                    ID,
                                    SampleTree.description(),
                                    Optional.of(BEFORE),
                                    tree.capture(2),
                                    CrashTest::nothing));
            try (var repositories = start(installation, store)) {
                var vault = Installation.vault(repositories);
                earlier.assertIsIn(vault.open(BEFORE));
                try {
                    tree.assertIsIn(vault.open(ID));
                } catch (RepositoryException.NotFound notCommitted) {
                    assertThat(crashed).isTrue();
                }
                vault.write(ID, SampleTree.description(), Optional.of(BEFORE), tree.capture(3), CrashTest::nothing);
                tree.assertIsIn(vault.open(ID));
            }
            if (!crashed) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterACrashAtAnyCallOfACreationTheRepeatMakesTheVault(StoreMoment moment) throws Exception {
        var installation = new Installation(folder);
        for (int call = 1; ; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var store = empty();
            boolean crashed = crashes(
                    installation,
                    new CrashingBlobStore(store, call, moment),
                    repositories -> repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID));
            try (var repositories = start(installation, store)) {
                assertThat(Installation.vault(repositories).storedBytes()).isPositive();
            }
            if (!crashed) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterACrashAtAnyCallOfADestructionTheRepeatEndsItAndTheNameIsFree(StoreMoment moment) throws Exception {
        var installation = new Installation(folder);
        var base = empty();
        try (var repositories = start(installation, base)) {
            var vault = Installation.vault(repositories);
            vault.write(BEFORE, SampleTree.description(), Optional.empty(), earlier.capture(1), CrashTest::nothing);
            vault.forget(BEFORE);
        }
        for (int call = 1; ; call++) {
            assertThat(call).isLessThan(LAST_CALL_AT_MOST);
            var store = base.copy();
            boolean crashed = crashes(
                    installation,
                    new CrashingBlobStore(store, call, moment),
                    repositories -> repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID));
            try (var repositories = start(installation, store)) {
                repositories.destroy(Installation.SCOPE, Installation.NAME, Installation.ID);
                assertThat(store.keys()).isEmpty();
                Installation.vault(repositories);
            }
            if (!crashed) {
                return;
            }
        }
    }

    @Test
    void packsOfACrashedWriteAreFoundByTheRepeat() throws Exception {
        var installation = new Installation(folder);
        var store = empty();
        // The write ends when all its data is durable and its manifest is not; how many calls of the store come before
        // depends on the threads.
        try (var repositories = start(installation, store)) {
            assertThatThrownBy(() -> Installation.vault(repositories)
                            .write(ID, SampleTree.description(), Optional.empty(), tree.capture(2), () -> {
                                throw new IllegalStateException("the process ends here");
                            }))
                    .hasMessage("the process ends here");
        }
        try (var repositories = start(installation, store)) {
            var manifest = Installation.vault(repositories)
                    .write(ID, SampleTree.description(), Optional.empty(), tree.capture(2), CrashTest::nothing);
            assertThat(manifest.newBytes()).isZero();
        }
    }
}
