package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.store.RetryingBlobStore;
import dev.coffer.testkit.fs.CrashFileSystem;
import dev.coffer.testkit.fs.Errno;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lets operations of the file system fail under a write, and cuts the power after what went well in the end. */
final class StorageFaultTest {
    private static final long SEED = 20260102;
    private static final int IMAGES = 3;
    private static final int OPERATIONS_AT_MOST = 40;
    private static final SessionId BEFORE = new SessionId("before");
    private static final SessionId ID = new SessionId("one");

    @TempDir
    Path folder;

    private final SampleTree earlier = SampleTree.random(1, 14, 12_000);
    private final SampleTree tree = SampleTree.random(2, 14, 12_000);
    private final List<VaultsInMemory> made = new ArrayList<>();
    private final CrashFileSystem base = VaultsInMemory.disk();

    @BeforeEach
    void writeTheEarlierPoint() throws Exception {
        made.add(new VaultsInMemory(folder));
        try (var repositories = vaults().start(base, vaults().emptyCache())) {
            VaultsInMemory.write(Installation.vault(repositories), BEFORE, List.of(), earlier);
        }
    }

    private VaultsInMemory vaults() {
        return made.getFirst();
    }

    private void write(Repository vault) throws InterruptedException {
        VaultsInMemory.write(vault, ID, List.of(BEFORE), tree);
    }

    private void assertBothAreIn(CrashFileSystem disk) throws Exception {
        VaultsInMemory.assertNothingIsHalfWritten(disk);
        try (var repositories = vaults().start(disk, vaults().emptyCache())) {
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
            assertThat(VaultsInMemory.listed(vault)).containsExactlyInAnyOrder(BEFORE, ID);
            earlier.assertIsIn(vault.open(BEFORE));
            tree.assertIsIn(vault.open(ID));
        }
    }

    /** The numbers of operations to fail: all if they are few, otherwise a sample. */
    private static Set<Long> operations(long most) {
        var numbers = new TreeSet<Long>();
        if (most <= OPERATIONS_AT_MOST) {
            for (long number = 1; number <= most; number++) {
                numbers.add(number);
            }
        } else {
            new Random(SEED)
                    .longs(1, most + 1)
                    .distinct()
                    .limit(OPERATIONS_AT_MOST)
                    .forEach(numbers::add);
        }
        return numbers;
    }

    /** How many operations of the write can end so. */
    private long operationsOfAWrite(Errno errno) throws Exception {
        var disk = base.settled();
        try (var repositories = vaults().start(disk, vaults().emptyCache())) {
            var vault = Installation.vault(repositories);
            disk.failAt(Long.MAX_VALUE, errno);
            write(vault);
            return disk.met();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteThatMeetsAFaultFailsWithItsCauseOrIsWholeAndTheRepeatSucceeds(Errno errno) throws Exception {
        int failures = 0;
        for (long operation : operations(operationsOfAWrite(errno))) {
            var disk = base.settled();
            try (var repositories = vaults().start(disk, vaults().emptyCache())) {
                var vault = Installation.vault(repositories);
                disk.failAt(operation, errno);
                try {
                    write(vault);
                } catch (StoreException failure) {
                    failures++;
                    assertThat(failure)
                            .as("%s at operation %d", errno, operation)
                            .isInstanceOf(StoreException.Unavailable.class)
                            .hasMessageContaining(VaultsInMemory.cause(errno));
                    assertThat(disk.struck()).isEqualTo(1);
                }
                earlier.assertIsIn(vault.open(BEFORE));
                write(vault);
                tree.assertIsIn(vault.open(ID));
            }
            for (var image : disk.images(IMAGES, SEED).toList()) {
                assertBothAreIn(image);
            }
        }
        assertThat(failures).isGreaterThan(10);
    }

    @Test
    void aFaultThatTheStoreGotOverLeavesThePointAsDurableAsAnyOther() throws Exception {
        UnaryOperator<BlobStore> retrying =
                store -> new RetryingBlobStore(store, 3, Duration.ofMillis(1), new Random(SEED), _ -> {});
        for (long operation : operations(operationsOfAWrite(Errno.EIO))) {
            var disk = base.settled();
            try (var repositories = vaults().start(disk, vaults().emptyCache(), retrying)) {
                var vault = Installation.vault(repositories);
                disk.failAt(operation, Errno.EIO);
                try {
                    write(vault);
                } catch (StoreException readFailed) {
                    // Bytes that cannot be read are not read again by the store, but by who asked for them.
                    assertThat(readFailed)
                            .hasMessageContaining("cannot be read")
                            .matches(StoreException::retryable);
                    continue;
                }
            }
            for (var image : disk.images(IMAGES, SEED).toList()) {
                assertBothAreIn(image);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ENOSPC", "EDQUOT", "EROFS"})
    void whileTheDiskIsFullOrReadOnlyPointsAreRestoredAndWhenItIsNotTheWriteGoesOn(Errno errno) throws Exception {
        int failures = 0;
        for (long operation : operations(operationsOfAWrite(errno))) {
            var disk = base.settled();
            try (var repositories = vaults().start(disk, vaults().emptyCache())) {
                var vault = Installation.vault(repositories);
                disk.failFrom(operation, errno);
                try {
                    write(vault);
                    // All that was left to do was to remove the mark of the writer.
                    tree.assertIsIn(vault.open(ID));
                } catch (StoreException failure) {
                    failures++;
                    assertThat(failure)
                            .as("%s from operation %d", errno, operation)
                            .isInstanceOf(StoreException.Unavailable.class)
                            .hasMessageContaining(VaultsInMemory.cause(errno));
                }
                earlier.assertIsIn(vault.open(BEFORE));
                try (var another = vaults().start(disk, vaults().emptyCache(), UnaryOperator.identity())) {
                    earlier.assertIsIn(another.open(Installation.SCOPE, Installation.NAME, Installation.ID)
                            .open(BEFORE));
                }
                disk.heal();
                write(vault);
            }
            assertBothAreIn(disk);
        }
        assertThat(failures).isGreaterThan(10);
    }

    @Test
    void aVaultIsMadeDurableByTheRepeatOfACreationThatMetAFault() throws Exception {
        for (var errno : Errno.values()) {
            for (int operation = 1; ; operation++) {
                var disk = VaultsInMemory.disk();
                try (var repositories = vaults().start(disk, vaults().emptyCache())) {
                    disk.failAt(operation, errno);
                    for (int attempt = 0; attempt < 2; attempt++) {
                        try {
                            repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID);
                        } catch (StoreException failure) {
                            assertThat(failure).hasMessageContaining(VaultsInMemory.cause(errno));
                        }
                    }
                }
                for (var image : disk.images(2 * IMAGES, SEED).toList()) {
                    try (var repositories = vaults().start(image, vaults().emptyCache())) {
                        assertThat(repositories
                                        .open(Installation.SCOPE, Installation.NAME, Installation.ID)
                                        .storedBytes())
                                .isPositive();
                    }
                }
                if (disk.struck() == 0) {
                    assertThat(operation).isGreaterThan(5);
                    break;
                }
            }
        }
    }

    @Test
    void whatAKilledProcessLeftIsMadeDurableByTheNextOneThatReliesOnIt() throws Exception {
        var another = new SessionId("another");
        int failures = 0;
        for (long operation : operations(operationsOfAWrite(Errno.EROFS))) {
            var disk = base.settled();
            // Nothing that would change the disk happens any more, as after a kill; what was changed stays, synced or
            // not.
            try (var killed = vaults().start(disk, vaults().emptyCache())) {
                var vault = Installation.vault(killed);
                disk.failFrom(operation, Errno.EROFS);
                try {
                    write(vault);
                } catch (StoreException killedHere) {
                    failures++;
                }
            }
            disk.heal();
            try (var next = vaults().start(disk, vaults().emptyCache())) {
                var vault = Installation.vault(next);
                VaultsInMemory.write(vault, another, List.of(), tree);
                for (var image : disk.images(IMAGES, SEED).toList()) {
                    try (var after = vaults().start(image, vaults().emptyCache())) {
                        tree.assertIsIn(Installation.vault(after).open(another));
                    }
                }
                write(vault);
            }
            for (var image : disk.images(IMAGES, SEED).toList()) {
                try (var after = vaults().start(image, vaults().emptyCache())) {
                    tree.assertIsIn(Installation.vault(after).open(ID));
                }
            }
        }
        assertThat(failures).isGreaterThan(10);
    }
}
