package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.key.WrongKey;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport.Outcome;
import dev.coffer.testkit.fs.CrashFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages every kind of file of a vault, one of them at a time, and looks what reading, writing and sweeping make of it. */
final class DamagedDiskTest {
    private static final long SEED = 20260102;
    private static final int BITS = 6;
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");
    private static final SessionId NEXT = new SessionId("next");

    @TempDir
    Path folder;

    private final SampleTree first = SampleTree.random(1, 10, 12_000);
    private final SampleTree second = SampleTree.random(2, 10, 12_000);

    /** A vault with a point, a deleted point, a reader in another process and a sweep that waits for it. */
    private CrashFileSystem disk(VaultsInMemory vaults) throws Exception {
        var disk = VaultsInMemory.disk();
        try (var other = vaults.start(disk, vaults.emptyCache(), UnaryOperator.identity());
                var repositories = vaults.start(disk, vaults.emptyCache())) {
            var vault = Installation.vault(repositories);
            VaultsInMemory.write(vault, ONE, List.of(), first);
            VaultsInMemory.write(vault, TWO, List.of(), second);
            try (var reader = Installation.vault(other).open(ONE)) {
                assertThat(reader.find(ItemPath.ROOT)).isPresent();
                vault.forget(ONE);
                assertThat(vault.sweep().outcome()).isEqualTo(Outcome.WAITING);
                return disk.settled();
            }
        }
    }

    private static List<String> files(CrashFileSystem disk) throws IOException {
        try (var paths = Files.walk(disk.root())) {
            return paths.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    /** The bytes with one bit changed, cut off, made longer, or gone to zeros. */
    private static List<byte[]> damaged(byte[] bytes) {
        var random = new Random(SEED + bytes.length);
        var damaged = new ArrayList<byte[]>();
        for (int i = 0; i < BITS; i++) {
            var flipped = bytes.clone();
            flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            damaged.add(flipped);
        }
        damaged.add(new byte[0]);
        damaged.add(Arrays.copyOf(bytes, bytes.length / 2));
        damaged.add(Arrays.copyOf(bytes, bytes.length + 1));
        damaged.add(new byte[bytes.length]);
        return damaged;
    }

    /** Whether the point can be read; what can be read is right. */
    private static boolean isReadable(Repository vault, SessionId id, SampleTree tree) throws Exception {
        try (var reader = vault.open(id)) {
            tree.assertIsIn(reader);
            return true;
        } catch (RepositoryException damage) {
            return false;
        }
    }

    @Test
    void damageIsNeverReadAsDataAndNeverMakesASweepTakeWhatIsNeeded() throws Exception {
        var vaults = new VaultsInMemory(folder);
        var base = disk(vaults);
        var kinds = new TreeSet<String>();
        int unreadable = 0;
        int unopened = 0;
        for (var file : files(base)) {
            var kind = file.replaceFirst("^/vaults/[^/]*/[^/]*/[^/]*/", "").replaceFirst("/.*", "");
            kinds.add(kind);
            int number = 0;
            for (var bytes : damaged(Files.readAllBytes(base.getPath(file)))) {
                var disk = base.settled();
                Files.write(disk.getPath(file), bytes);
                var what = "damage " + number + " of " + file;
                number++;
                try (var repositories = vaults.start(disk, vaults.emptyCache())) {
                    var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
                    boolean readable = isReadable(vault, TWO, second);
                    if (!readable) {
                        unreadable++;
                        assertThat(kind).as(what).isIn("packs", "points");
                    }
                    assertThat(isReadable(vault, ONE, first)).as(what).isFalse();
                    sweep(vault);
                    VaultsInMemory.write(vault, NEXT, List.of(), first);
                    assertThat(isReadable(vault, NEXT, first) || kind.equals("packs"))
                            .as(what)
                            .isTrue();
                    sweep(vault);
                    assertThat(isReadable(vault, TWO, second) || !readable)
                            .as(what)
                            .isTrue();
                } catch (RepositoryException | WrongKey refused) {
                    unopened++;
                    assertThat(kind).as(what).isIn("format", "keys");
                }
            }
        }
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "format", "keys", "packs", "index", "points", "forgotten", "sessions", "sweeps");
        assertThat(unreadable).isPositive();
        assertThat(unopened).isPositive();
    }

    /** Sweeps, unless that needs what is damaged. */
    private static void sweep(Repository vault) throws InterruptedException {
        try {
            assertThat(vault.sweep().packsRetained()).isZero();
        } catch (RepositoryException damage) {
            assertThat(damage).isNotInstanceOf(RepositoryException.NotFound.class);
        }
    }
}
