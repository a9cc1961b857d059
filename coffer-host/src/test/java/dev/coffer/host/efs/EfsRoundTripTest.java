package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.ItemKind;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real trees on the disk of the build, captured and restored. */
final class EfsRoundTripTest {
    private static final long MIB = 1 << 20;
    private final LinuxPosix posix = new LinuxPosix();

    @TempDir
    private Path folder;

    @Test
    void namesOfAnyBytesComeBack() throws Exception {
        var fixture = new EfsFixture(folder);
        var tree = fixture.tree;
        var invalid = new byte[] {(byte) 0xff, (byte) 0xfe, 'x', (byte) 0xc3};
        for (var name : new byte[][] {
            invalid,
            Tree.bytes("line\nbreak"),
            Tree.bytes("\u0007\u001b[31m"),
            Tree.bytes("n".repeat(255)),
            Tree.bytes("\uD83D\uDCE6 box"),
            Tree.bytes("-rf"),
            Tree.bytes("..."),
            Tree.bytes(" "),
            Tree.bytes("back\\slash"),
            Tree.bytes("100%"),
            Tree.bytes("e\u0301"),
            Tree.bytes("\u00e9"),
        }) {
            tree.file(name, name);
        }
        tree.in(invalid, (fd, _) -> posix.makeFolder(fd, new byte[] {(byte) 0x80}, 0b111_000_000));
        tree.in(invalid, (fd, _) -> posix.makeSymlink(fd, Tree.bytes("broken"), invalid));

        assertRoundTrip(fixture);
    }

    @Test
    void everyKindOfEntryComesBack() throws Exception {
        var fixture = new EfsFixture(folder);
        var tree = fixture.tree;
        tree.file("plain", "content")
                .file("empty", "")
                .folder("sub")
                .folder("sub/empty")
                .symlink("passwd", Tree.bytes("/etc/passwd"))
                .symlink("sub/up", Tree.bytes("../plain"))
                .node("sub/fifo", Stat.Type.FIFO, 0);
        if (isRoot()) {
            tree.node("null", Stat.Type.CHARACTER_DEVICE, 1L << 32 | 3)
                    .node("disk", Stat.Type.BLOCK_DEVICE, 259L << 32 | 70_000);
        }

        assertRoundTrip(fixture);
        assertThat(fixture.item("a", "passwd"))
                .hasValueSatisfying(item -> assertThat(item.kind()).isEqualTo(ItemKind.SYMLINK));
    }

    @Test
    void ownersModesAndTimesComeBack() throws Exception {
        var fixture = new EfsFixture(folder);
        var tree = fixture.tree;
        tree.file("setuid", "x")
                .file("nothing", "secret")
                .file("old", "x")
                .file("early", "x")
                .file("late", "x")
                .folder("readonly")
                .file("readonly/file", "x")
                .folder("tmp")
                .symlink("link", Tree.bytes("nowhere"));
        if (isRoot()) {
            for (var path : new String[] {"setuid", "old", "tmp", "link"}) {
                tree.change(path, fd -> posix.chown(fd, 1001, 1002));
            }
        }
        tree.mode("setuid", 0b110_111_101_101)
                // Only root can read what nobody may.
                .mode("nothing", isRoot() ? 0 : 0b100_000_000)
                .mode("readonly", 0b101_101_101)
                .mode("tmp", 0b001_111_111_111);
        tree.modified("old", new Stat.Time(1, 1))
                .modified("early", new Stat.Time(-1, 999_999_999))
                .modified("late", new Stat.Time(9_999_999_999L, 5))
                .modified("readonly", Tree.LONG_AGO)
                .modified("link", Tree.LONG_AGO);
        tree.in(Tree.bytes("x"), (fd, _) -> posix.setModified(fd, new Stat.Time(77, 7)));

        assertRoundTrip(fixture);
    }

    @Test
    void hardLinksComeBackAsOneFile() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree
                .folder("a")
                .folder("b")
                .file("b/first", "shared")
                .link("b/first", "a/second")
                .link("b/first", "third")
                .file("z", "other")
                .link("z", "a/z")
                .modified("a", Tree.LONG_AGO)
                .modified("b", Tree.LONG_AGO);

        assertRoundTrip(fixture);
    }

    @Test
    void holesComeBackAsHoles() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree
                .sparse("middle", 4096 * MIB, 2048 * MIB + 12_345, Tree.bytes("data in the middle"))
                .sparse("end", 64 * MIB, 0, Tree.bytes("data at the start"))
                .sparse("all", 64 * MIB, 0, new byte[0]);
        fixture.capture("a");

        var result = fixture.restore("a", EfsFixture.NEW);

        var there = EfsFixture.treeOf(result);
        assertThat(there.stat("middle").size()).isEqualTo(4096 * MIB);
        assertThat(there.stat("middle").blocks()).isLessThan(2 * MIB / 512);
        assertThat(there.stat("end").size()).isEqualTo(64 * MIB);
        assertThat(there.stat("end").blocks()).isLessThan(2 * MIB / 512);
        assertThat(there.stat("all").blocks()).isZero();
        assertThat(result.bytes()).isEqualTo(4096 * MIB + 64 * MIB + 64 * MIB);
        there.in(Tree.bytes("middle"), (fd, name) -> {
            int file = posix.openToRead(fd, name);
            var buffer = ByteBuffer.allocateDirect(64);
            posix.read(file, buffer, 2048 * MIB + 12_340);
            posix.close(file);
            assertThat(buffer.get(4)).isZero();
            assertThat(buffer.get(5)).isEqualTo((byte) 'd');
        });
    }

    @Test
    void largeFilesComeBackWhateverTheirEnds() throws Exception {
        var fixture = withLargeFiles(folder);

        assertRoundTrip(fixture);
    }

    @Test
    void largeFilesComeBackThroughTheCacheWhereItCannotBePassed() throws Exception {
        var fixture = withLargeFiles(folder);
        var refused = new AtomicInteger();
        var past = ConcurrentHashMap.<Object>newKeySet();
        // As a file system does that takes the flag, and not the calls.
        var posix = HookedPosix.of((call, arguments, real) -> {
            switch (call) {
                case "goPastCache" -> {
                    past.add(arguments[0]);
                    return true;
                }
                case "goThroughCache", "close" -> past.remove(arguments[0]);
                case "read", "write" -> {
                    if (past.contains(arguments[0]) && ((ByteBuffer) arguments[1]).hasRemaining()) {
                        refused.incrementAndGet();
                        throw new PosixException(call, Errno.EINVAL);
                    }
                }
                default -> {}
            }
            return real.proceed();
        });

        fixture.capture(posix, "a", Optional.empty());

        assertThat(refused).hasValue(6);
        var result = fixture.restore(posix, "a", EfsFixture.NEW);
        assertThat(refused).hasValue(12);
        assertThat(EfsFixture.treeOf(result).listing()).isEqualTo(fixture.tree.listing());
    }

    private static EfsFixture withLargeFiles(Path folder) throws Exception {
        var fixture = new EfsFixture(folder);
        var random = new Random(1);
        for (long size :
                List.of(MIB - 1, MIB, MIB + 1, 2 * MIB + Posix.BLOCK, 3 * MIB + Posix.BLOCK + 1, 9 * MIB + 77)) {
            var content = new byte[(int) size];
            random.nextBytes(content);
            fixture.tree.file(Tree.bytes("of" + size), content);
        }
        var data = new byte[(int) MIB + 333];
        random.nextBytes(data);
        fixture.tree.sparse("holes", 8 * MIB + 5, 2 * MIB + 99, data);
        return fixture;
    }

    @Test
    void extendedAttributesAndAccessListsComeBack() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("file", "x").folder("sub").file("sub/inside", "x");
        var longName = "user." + "%\u00fc".repeat(80);
        int possible = 0;
        possible += attribute(fixture.tree, "file", "user.note", Tree.bytes("hello"));
        possible += attribute(fixture.tree, "file", "user.empty", new byte[0]);
        possible += attribute(fixture.tree, "file", longName, Tree.bytes("long"));
        possible += attribute(fixture.tree, "sub", "user.binary", new byte[] {0, (byte) 0xff, '\n'});
        possible += attribute(fixture.tree, "file", "trusted.mark", Tree.bytes("t"));
        possible += attribute(fixture.tree, "file", "security.capability", capability());
        possible += attribute(fixture.tree, "file", "system.posix_acl_access", acl(6));
        possible += attribute(fixture.tree, "sub", "system.posix_acl_default", acl(7));

        assertRoundTrip(fixture);
        var kept = fixture.tree.listing().values().stream()
                .filter(entry -> !entry.endsWith(" {}"))
                .count();
        assertThat(kept).isEqualTo(possible == 0 ? 0 : 2);
    }

    @Test
    void aDeepAndAWideTreeComeBack() throws Exception {
        var fixture = new EfsFixture(folder);
        var path = new StringBuilder();
        for (int depth = 0; depth < 300; depth++) {
            path.append(depth == 0 ? "d" : "/d");
            fixture.tree.folder(path.toString());
            if (depth % 50 == 7) {
                fixture.tree.file(path + "/z", "at depth " + depth);
            }
        }
        fixture.tree.folder("wide");
        fixture.tree.in(Tree.bytes("wide/x"), (fd, _) -> {
            for (int i = 0; i < 3000; i++) {
                posix.close(posix.create(fd, Tree.bytes("file-" + i), 0b110_000_000));
            }
        });

        assertRoundTrip(fixture);
    }

    @Test
    void aSocketIsNamedAndNotKept() throws Exception {
        var fixture = new EfsFixture(folder);
        fixture.tree.file("file", "x").node("socket", Stat.Type.SOCKET, 0);

        fixture.capture("a");

        assertThat(fixture.skipped("a")).singleElement().asString().startsWith("/socket: a socket is not kept");
        assertThat(fixture.item("a", "socket")).isEmpty();
    }

    private static void assertRoundTrip(EfsFixture fixture) throws Exception {
        fixture.capture("a");
        assertThat(fixture.skipped("a")).isEmpty();

        var result = fixture.restore("a", EfsFixture.NEW);

        assertThat(EfsFixture.names(result.notRestored())).isEmpty();
        assertThat(EfsFixture.treeOf(result).listing()).isEqualTo(fixture.tree.listing());
    }

    private boolean isRoot() {
        return posix.effectiveUser() == 0;
    }

    /** Sets an attribute if the file system and the user may; how many were set. */
    private static int attribute(Tree tree, String path, String name, byte[] value) throws IOException {
        try {
            tree.attribute(path, name, value);
            return 1;
        } catch (PosixException failure) {
            assertThat(failure.errno()).isIn(Errno.EOPNOTSUPP, Errno.EPERM);
            return 0;
        }
    }

    private static byte[] capability() {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x02000001)
                .putInt(1 << 10)
                .array();
    }

    /** User 1001 r, group r, mask r, others nothing. */
    static byte[] acl(int owner) {
        var bytes =
                ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int[][] entries = {{1, owner, -1}, {2, 4, 1001}, {4, 4, -1}, {0x10, 4, -1}, {0x20, 0, -1}};
        for (var entry : entries) {
            bytes.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return bytes.array();
    }
}
