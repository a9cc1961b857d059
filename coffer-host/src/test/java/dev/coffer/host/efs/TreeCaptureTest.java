package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.FolderEntry;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeCaptureTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatChangesWhileItIsReadIsReadAgain() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("log", "one");
        var changes = new AtomicInteger();
        var posix = HookedPosix.of((call, _, real) -> {
            if (call.equals("read") && changes.getAndIncrement() == 0) {
                Files.writeString(fixture.tree.root().resolve("log"), "two and more");
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.skipped("a")).isEmpty();
        assertThat(EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW)).text("log"))
                .isEqualTo("two and more");
    }

    @Test
    void aFileThatChangesAllTheTimeIsKeptNamedAndReadAgainNextTime() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("log", "one");
        var changes = new AtomicInteger();
        var posix = HookedPosix.of((call, _, real) -> {
            if (call.equals("read")) {
                Files.writeString(fixture.tree.root().resolve("log"), "%03d".formatted(changes.getAndIncrement()));
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(changes).hasValue(3);
        assertThat(fixture.skipped("a")).containsExactly("/log: changed while it was read; kept as it was read last");
        assertThat(fixture.item("a", "log")).isPresent();
        assertThat(fixture.captureAfter("a", "b").read()).containsExactly(ItemPath.of("log"));
        assertThat(fixture.captureAfter("b", "c").read()).isEmpty();
    }

    @Test
    void whatIsRemovedDuringTheWalkIsNoFinding() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x").file("b", "x").folder("c");
        var posix = HookedPosix.of((call, arguments, real) -> {
            boolean goes = (call.equals("statAt") && HookedPosix.isNamed(arguments, "a"))
                    || (call.equals("openToRead") && HookedPosix.isNamed(arguments, "b"))
                    || (call.equals("openFolder") && HookedPosix.isNamed(arguments, "c"));
            if (goes) {
                Files.deleteIfExists(fixture.tree
                        .root()
                        .resolve(new String((byte[]) arguments[1], java.nio.charset.StandardCharsets.UTF_8)));
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.skipped("a")).isEmpty();
        assertThat(fixture.item("a", "a")).isEmpty();
        assertThat(fixture.item("a", "b")).isEmpty();
        assertThat(fixture.item("a", "c")).isEmpty();
    }

    @Test
    void aFolderThatIsReplacedByALinkDuringTheWalkDoesNotLeadOut() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.folder("sub").file("sub/inside", "x").file("z", "x");
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("inside"), "not of this tree");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("openFolder") && HookedPosix.isNamed(arguments, "sub")) {
                Files.move(fixture.tree.root().resolve("sub"), folder.resolve("away"));
                Files.createSymbolicLink(fixture.tree.root().resolve("sub"), outside);
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.item("a", "sub/inside")).isEmpty();
        assertThat(fixture.item("a", "z")).isPresent();
        assertThat(fixture.skipped("a"))
                .containsExactly("/sub: the folder was replaced by something else while the tree was read");
    }

    @Test
    void aFolderThatIsMovedWhileTheWalkIsDeepBelowItDoesNotLeadOut() throws Exception {
        var fixture = new EfsFixture(folder);
        var path = new StringBuilder();
        for (int depth = 0; depth < 200; depth++) {
            path.append(depth == 0 ? "d" : "/d");
            fixture.tree.folder(path.toString());
            fixture.tree.file(path + "/z", "x");
        }
        fixture.tree.folder(path + "/deepest").file("z", "x");
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("z"), "not of this tree");
        var moved = fixture.tree.root().resolve("d/d/d");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("statAt") && HookedPosix.isNamed(arguments, "deepest")) {
                Files.move(moved, outside.resolve("d"));
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.item("a", path + "/deepest")).isPresent();
        // The moved folder still leads down, and what stayed in its place is found from the root again.
        assertThat(fixture.skipped("a")).isEmpty();
        assertThat(fixture.item("a", "d/d/d/z"))
                .hasValueSatisfying(item -> assertThat(item.size()).isEqualTo(1));
        assertThat(fixture.item("a", "d/d/z"))
                .hasValueSatisfying(item -> assertThat(item.size()).isEqualTo(1));
        assertThat(fixture.item("a", "z")).isPresent();
    }

    @Test
    void aFileThatBecomesAFolderAfterItsFolderWasListedIsNamed() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x").file("b", "x");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("statAt") && HookedPosix.isNamed(arguments, "a")) {
                Files.delete(fixture.tree.root().resolve("a"));
                Files.createDirectory(fixture.tree.root().resolve("a"));
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.skipped("a")).containsExactly("/a: became a folder while the tree was read");
        assertThat(fixture.item("a", "a")).isEmpty();
        assertThat(fixture.item("a", "b")).isPresent();
    }

    @Test
    void aFileSystemThatListsNoTypesIsCapturedAsAnyOther() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.folder("sub").file("sub/inside", "x").file("a", "x").link("a", "b");
        var posix = HookedPosix.of((call, _, real) -> {
            var result = real.proceed();
            return call.equals("entries")
                    ? ((List<?>) result)
                            .stream()
                                    .map(entry -> new FolderEntry(((FolderEntry) entry).name(), Optional.empty()))
                                    .toList()
                    : result;
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.skipped("a")).isEmpty();
        assertThat(fixture.tree.listing())
                .isEqualTo(
                        EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW)).listing());
    }

    @Test
    void aTreeWithMoreFoldersThanAreOpenedAheadIsCapturedWhole() throws Exception {
        var fixture = new EfsFixture(folder);
        var path = new StringBuilder();
        for (int depth = 0; depth < 25; depth++) {
            for (int i = 0; i < 7; i++) {
                fixture.tree.folder(path + "f" + i);
                fixture.tree.file(path + "f" + i + "/inside", "x");
            }
            path.append("f").append(depth % 7).append("/");
        }

        fixture.capture("a");

        assertThat(fixture.skipped("a")).isEmpty();
        assertThat(fixture.tree.listing())
                .isEqualTo(
                        EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW)).listing());
    }

    @Test
    void aCaptureThatEndsInTheMiddleLeavesNoFolderOpen() throws Exception {
        var fixture = new EfsFixture(folder);
        for (int i = 0; i < 40; i++) {
            fixture.tree.folder("f" + i);
            fixture.tree.file("f" + i + "/inside", "x");
        }
        var open = ConcurrentHashMap.<Object>newKeySet();
        var posix = keeping(open, (call, arguments, real) -> {
            if (call.equals("statAt") && HookedPosix.isNamed(arguments, "f20")) {
                assertThat(open).hasSizeGreaterThan(2);
                throw new IllegalStateException("a bug");
            }
            return real.proceed();
        });

        assertThatThrownBy(() -> fixture.capture(posix, "a", Optional.empty())).hasMessage("a bug");

        assertThat(open).isEmpty();
    }

    /** Keeps the descriptors that are open. */
    private static Posix keeping(Set<Object> open, HookedPosix.Hook hook) {
        return HookedPosix.of((call, arguments, real) -> {
            if (call.equals("close")) {
                open.remove(arguments[0]);
            }
            var result = hook.call(call, arguments, real);
            if (call.startsWith("open")) {
                open.add(result);
            }
            return result;
        });
    }

    @Test
    void theFirstNameOfAFileIsTheSameHoweverLongTheHandsTake() throws Exception {
        var fixture = new EfsFixture(folder);
        for (int i = 100; i < 200; i++) {
            fixture.tree.file("a" + i, "x");
        }
        fixture.tree.file("a000", "shared").link("a000", "b");
        var seen = new CountDownLatch(1);
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("statAt") && HookedPosix.isNamed(arguments, "a000")) {
                seen.await();
            }
            var result = real.proceed();
            if (call.equals("statAt") && HookedPosix.isNamed(arguments, "b")) {
                seen.countDown();
            }
            return result;
        });

        fixture.capture(new EfsConnector(posix, EfsFixture.LATER, 8), fixture.source(), "a", Optional.empty());

        assertThat(fixture.item("a", "a000"))
                .hasValueSatisfying(item -> assertThat(item.kind()).isEqualTo(ItemKind.FILE));
        assertThat(fixture.item("a", "b"))
                .hasValueSatisfying(item -> assertThat(item.kind()).isEqualTo(ItemKind.HARD_LINK));
    }

    @Test
    void aFileThatIsReplacedByALinkIsKeptAsALink() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("openToRead") && HookedPosix.isNamed(arguments, "a")) {
                Files.delete(fixture.tree.root().resolve("a"));
                Files.createSymbolicLink(fixture.tree.root().resolve("a"), Path.of("/etc/passwd"));
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.item("a", "a"))
                .hasValueSatisfying(item -> assertThat(item.kind()).isEqualTo(ItemKind.SYMLINK));
    }

    @Test
    void whatCannotBeReadIsNamedAndTheRestGoesOn() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x").file("b", "x").folder("c").file("c/d", "x").file("e", "x");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("openToRead") && HookedPosix.isNamed(arguments, "a")) {
                throw new PosixException("openat", Errno.EACCES);
            }
            if (call.equals("openToRead") && HookedPosix.isNamed(arguments, "b")) {
                throw new PosixException("openat", Errno.EIO);
            }
            if (call.equals("openFolder") && HookedPosix.isNamed(arguments, "c")) {
                throw new PosixException("openat", Errno.EACCES);
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.skipped("a"))
                .containsExactly(
                        "/a: could not be read: openat: EACCES",
                        "/b: could not be read: openat: EIO",
                        "/c: could not be read: openat: EACCES");
        assertThat(fixture.item("a", "c")).isPresent();
        assertThat(fixture.item("a", "e")).isPresent();
    }

    /** A file that is read ahead, in nine pieces, and one that is not; a hook sees the number of each piece. */
    private EfsFixture withALargeFile() throws IOException {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("large", "x".repeat(9 << 20)).file("small", "y");
        return fixture;
    }

    private interface Piece {
        void isRead(int number) throws Exception;
    }

    private static Posix onPiecesOf(String name, Piece piece) {
        var file = new AtomicInteger(-1);
        var pieces = new AtomicInteger();
        return HookedPosix.of((call, arguments, real) -> {
            if (call.equals("read") && arguments[0].equals(file.get())) {
                piece.isRead(pieces.incrementAndGet());
            }
            var result = real.proceed();
            if (call.equals("openToRead") && HookedPosix.isNamed(arguments, name)) {
                file.set((int) result);
            }
            return result;
        });
    }

    @Test
    void aLargeFileThatCannotBeReadToItsEndIsNamedAndTheRestGoesOn() throws Exception {
        var fixture = withALargeFile();

        fixture.capture(
                onPiecesOf("large", number -> {
                    if (number == 6) {
                        throw new PosixException("pread64", Errno.EIO);
                    }
                }),
                "a",
                Optional.empty());

        assertThat(fixture.skipped("a")).containsExactly("/large: could not be read: pread64: EIO");
        assertThat(fixture.item("a", "large")).isEmpty();
        assertThat(fixture.item("a", "small")).isPresent();
    }

    @Test
    void aLargeFileThatBecomesShorterWhileItIsReadIsReadAgain() throws Exception {
        var fixture = withALargeFile();
        var shorter = "z".repeat((5 << 20) + 7);

        fixture.capture(
                onPiecesOf("large", number -> {
                    if (number == 3) {
                        Files.writeString(fixture.tree.root().resolve("large"), shorter);
                    }
                }),
                "a",
                Optional.empty());

        assertThat(fixture.skipped("a")).isEmpty();
        var restored = EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW));
        assertThat(restored.root().resolve("large")).hasContent(shorter);
    }

    @Test
    void aBugInTheThreadThatReadsAheadFailsTheCapture() throws Exception {
        var fixture = withALargeFile();
        var posix = onPiecesOf("large", number -> {
            if (number == 3) {
                throw new IllegalStateException("a bug");
            }
        });

        assertThatThrownBy(() -> fixture.capture(posix, "a", Optional.empty())).hasMessage("a bug");
    }

    @Test
    void aCaptureIsInterruptedInTheMiddleOfALargeFile() throws Exception {
        var fixture = withALargeFile();
        var capturing = Thread.currentThread();
        var pieces = new AtomicInteger();
        var posix = onPiecesOf("large", number -> {
            pieces.set(number);
            if (number == 3) {
                capturing.interrupt();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
        });

        assertThatThrownBy(() -> fixture.capture(posix, "a", Optional.empty()))
                .isInstanceOf(InterruptedException.class);
        assertThat(pieces).hasValue(3);
    }

    @Test
    void theFirstNameThatCannotBeReadLeavesTheContentToTheNext() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "shared").link("a", "b").link("a", "c");
        var posix = HookedPosix.of((call, arguments, real) -> {
            if (call.equals("openToRead") && HookedPosix.isNamed(arguments, "a")) {
                throw new PosixException("openat", Errno.EIO);
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(fixture.item("a", "a")).isEmpty();
        var restored = EfsFixture.treeOf(fixture.restore("a", EfsFixture.NEW));
        assertThat(restored.text("b")).isEqualTo("shared");
        assertThat(restored.stat("b").inode()).isEqualTo(restored.stat("c").inode());
    }

    @Test
    void aRootThatCannotBeListedFailsTheCapture() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x");
        var open = ConcurrentHashMap.<Object>newKeySet();
        var posix = keeping(open, (call, _, real) -> {
            if (call.equals("entries")) {
                throw new PosixException("getdents64", Errno.EIO);
            }
            return real.proceed();
        });

        assertThatThrownBy(() -> fixture.capture(posix, "a", Optional.empty()))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("could not be listed");
        assertThat(open).isEmpty();
    }

    @Test
    void aFileServerThatGoesAwayFailsTheCaptureRatherThanLeavingFilesOut() throws Exception {
        var fixture = new EfsFixture(folder);
        for (int i = 0; i < 50; i++) {
            fixture.tree.file("f" + i, "x");
        }
        var reads = new AtomicInteger();
        var posix = HookedPosix.of((call, _, real) -> {
            if (call.equals("read")) {
                reads.incrementAndGet();
            }
            if (reads.get() > 5 && !call.equals("close")) {
                throw new PosixException(call, Errno.ESTALE);
            }
            return real.proceed();
        });

        assertThatThrownBy(() -> fixture.capture(posix, "a", Optional.empty()))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("went away");
    }

    @Test
    void aPathThatIsAFileIsRefused() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x");
        var source =
                fixture.source(Map.of("path", fixture.tree.root().resolve("a").toString()));

        assertThatThrownBy(() -> fixture.capture(connector(new LinuxPosix()), source, "a", Optional.empty()))
                .isInstanceOf(SourceException.Impossible.class);
    }

    @Test
    void aSourceThatMustBeMountedIsNotTakenForAnEmptyTree() throws Exception {
        var fixture = new EfsFixture(folder);
        var source = fixture.source(Map.of("path", fixture.tree.root().toString(), "mounted", "true"));

        assertThatThrownBy(() -> connector(new LinuxPosix()).describe(source))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining("Nothing is mounted");
    }

    @Test
    void anotherMountIsLeftOutUnlessAskedFor() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.folder("mnt").file("mnt/inside", "x").file("z", "x");
        long inode = fixture.tree.stat("mnt").inode();
        var posix = HookedPosix.of((_, _, real) -> {
            var result = real.proceed();
            return result instanceof Stat stat && stat.inode() == inode ? onOtherMount(stat) : result;
        });

        fixture.capture(connector(posix), fixture.source(), "a", Optional.empty());

        assertThat(fixture.skipped("a"))
                .containsExactly("/mnt: another file system is mounted here; crossMounts includes it");
        assertThat(fixture.item("a", "mnt/inside")).isEmpty();

        var crossing = fixture.source(Map.of("path", fixture.tree.root().toString(), "crossMounts", "true"));
        fixture.capture(connector(posix), crossing, "b", Optional.empty());

        assertThat(fixture.skipped("b")).isEmpty();
        assertThat(fixture.item("b", "mnt/inside")).isPresent();
    }

    private static Stat onOtherMount(Stat stat) {
        return new Stat(
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.links(),
                stat.inode(),
                stat.size(),
                stat.blocks(),
                stat.modified(),
                stat.changed(),
                stat.rdev(),
                stat.device(),
                stat.mount() + 1);
    }

    @Test
    void onlyAFileWhoseTimesMovedIsReadAgain() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x").file("b", "x");
        fixture.capture("a");
        fixture.tree.modified("b", new Stat.Time(5, 5));

        var second = fixture.captureAfter("a", "b");

        // Its change time has moved, so it is not proven to be the same; the other one is.
        assertThat(second.read()).containsExactly(ItemPath.of("b"));
        assertThat(second.kept()).containsExactly(ItemPath.of("a"));
    }

    @Test
    void aFileChangedJustBeforeACaptureIsReadAgainByTheNext() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x");
        var now = new EfsConnector(new LinuxPosix(), Instant::now, 2);
        fixture.capture(now, fixture.source(), "a", Optional.empty());

        assertThat(fixture.captureAfter("a", "b").read()).containsExactly(ItemPath.of("a"));
        assertThat(fixture.captureAfter("b", "c").read()).isEmpty();
    }

    @Test
    void aTableOfLinksThatIsFullMakesFilesOfTheirOwn() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("a", "x").link("a", "b");
        var stat = fixture.tree.stat("a");
        var links = new HardLinks(1);
        var other = fixture.tree.file("c", "x").link("c", "d").stat("c");

        assertThat(links.sight(stat, ItemPath.of("a"))).isPresent();
        assertThat(links.sight(other, ItemPath.of("c"))).isEmpty();
        assertThat(links.sight(stat, ItemPath.of("b"))).isPresent();
        assertThat(links.sight(other, ItemPath.of("d"))).isPresent();
    }

    private static EfsConnector connector(Posix posix) {
        return new EfsConnector(posix, EfsFixture.LATER, 2);
    }
}
