package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport.Outcome;
import dev.coffer.testkit.fs.CrashFileSystem;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts the power at every effect on the file system of a vault's life, and looks what the next process finds on what may be left of the disk. */
final class PowerLossTest {
    private static final long SEED = 20260102;
    private static final int IMAGES = 24;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");
    private static final SessionId NEXT = new SessionId("next");

    @TempDir
    Path folder;

    /** A point, and the numbers of effects at which its write returned, its deletion began, and its deletion returned. */
    private record Life(SessionId id, SampleTree tree, int written, int forgetting, int forgotten) {
        boolean mayBeAbsent(int effects) {
            return effects < written || effects > forgetting;
        }

        boolean mayBeThere(int effects) {
            return effects < forgotten;
        }
    }

    private final SampleTree first = SampleTree.random(1, 24, 24_000);
    private final SampleTree second = SampleTree.random(2, 24, 24_000);
    private final SampleTree third = SampleTree.random(3, 6, 4000);

    private static boolean isThere(Repository vault, Life life) throws Exception {
        try {
            life.tree().assertIsIn(vault.open(life.id()));
            return true;
        } catch (RepositoryException.NotFound absent) {
            return false;
        }
    }

    private void check(
            VaultsInMemory vaults, CrashFileSystem image, int effects, Path cache, List<Life> lives, int made)
            throws Exception {
        VaultsInMemory.assertNothingIsHalfWritten(image);
        try (var repositories = vaults.start(image, cache)) {
            if (effects < made) {
                repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID);
            }
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
            var there = new HashSet<SessionId>();
            for (var life : lives) {
                if (isThere(vault, life)) {
                    assertThat(life.mayBeThere(effects))
                            .as("%s is back", life.id())
                            .isTrue();
                    there.add(life.id());
                } else {
                    assertThat(life.mayBeAbsent(effects))
                            .as("%s is lost", life.id())
                            .isTrue();
                }
            }
            assertThat(VaultsInMemory.listed(vault)).isEqualTo(there);
            VaultsInMemory.write(vault, NEXT, there.stream().toList(), third);
            assertThat(vault.sweep().outcome()).isIn(Outcome.DONE, Outcome.NOTHING);
            third.assertIsIn(vault.open(NEXT));
            for (var life : lives) {
                assertThat(isThere(vault, life)).isEqualTo(there.contains(life.id()));
            }
        }
        // What was promised after the cut is kept by the next one.
        var again = image.images(2, SEED).findFirst().orElseThrow();
        try (var repositories = vaults.start(again, vaults.emptyCache())) {
            third.assertIsIn(Installation.vault(repositories).open(NEXT));
        }
    }

    @Test
    void afterAPowerCutAtAnyMomentEveryPointIsWholeOrWasNotPromisedAndWritingGoesOn() throws Exception {
        var vaults = new VaultsInMemory(folder);
        var disk = VaultsInMemory.disk();
        var cache = vaults.emptyCache();
        var lives = new ArrayList<Life>();
        int made;
        try (var repositories = vaults.start(disk, cache)) {
            var vault = Installation.vault(repositories);
            made = disk.effects();
            VaultsInMemory.write(vault, ONE, List.of(), first);
            int one = disk.effects();
            VaultsInMemory.write(vault, TWO, List.of(ONE), second);
            int two = disk.effects();
            vault.forget(ONE);
            int forgotten = disk.effects();
            assertThat(vault.sweep().outcome()).isEqualTo(Outcome.DONE);
            lives.add(new Life(ONE, first, one, two, forgotten));
            lives.add(new Life(TWO, second, two, NEVER, NEVER));
        }
        int images = 0;
        var checked = new HashSet<String>();
        for (int effects = 0; effects <= disk.effects(); effects++) {
            int now = effects;
            for (var image : disk.images(effects, IMAGES, SEED).toList()) {
                images++;
                // Images that differ in leftovers only are one, as long as the same was promised.
                var promised = lives.stream()
                        .map(life -> life.mayBeAbsent(now) + " " + life.mayBeThere(now))
                        .toList();
                if (!checked.add((effects < made) + " " + promised + VaultsInMemory.digest(image))) {
                    continue;
                }
                var local = checked.size() % 2 == 0 ? vaults.emptyCache() : vaults.copy(cache);
                try {
                    check(vaults, image, effects, local, lives, made);
                } catch (AssertionError | RuntimeException found) {
                    throw new AssertionError(image.toString(), found);
                }
            }
        }
        assertThat(images).isGreaterThan(1500);
        assertThat(checked.size()).isGreaterThan(10);
    }

    @Test
    void twoWritersPromiseNothingThatRestsOnWhatTheOtherMayLose() throws Exception {
        var vaults = new VaultsInMemory(folder);
        // Neither takes the temporary files of the other for leftovers.
        var disk = new CrashFileSystem(InstantSource.system());
        try (var repositories = vaults.start(disk, vaults.emptyCache())) {
            repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID);
        }
        var lives = new ConcurrentLinkedQueue<Life>();
        var writers = new ArrayList<Callable<Integer>>();
        for (int writer = 0; writer < 2; writer++) {
            var cache = vaults.emptyCache();
            int number = writer;
            writers.add(() -> {
                try (var repositories = vaults.start(disk, cache, UnaryOperator.identity())) {
                    var vault = Installation.vault(repositories);
                    for (var tree : List.of(first, third, second)) {
                        var id = new SessionId("point" + lives.size() + "-" + number);
                        VaultsInMemory.write(vault, id, List.of(), tree);
                        lives.add(new Life(id, tree, disk.effects(), NEVER, NEVER));
                    }
                }
                return number;
            });
        }
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var written : threads.invokeAll(writers)) {
                assertThat(written.get()).isNotNegative();
            }
        }
        for (var last :
                lives.stream().sorted(Comparator.comparingInt(Life::written)).toList()) {
            for (var image : disk.images(last.written(), 4, SEED).toList()) {
                VaultsInMemory.assertNothingIsHalfWritten(image);
                try (var repositories = vaults.start(image, vaults.emptyCache())) {
                    var vault = Installation.vault(repositories);
                    for (var life : lives) {
                        assertThat(isThere(vault, life) || life.mayBeAbsent(last.written()))
                                .as("%s in %s", life.id(), image)
                                .isTrue();
                    }
                }
            }
        }
    }
}
