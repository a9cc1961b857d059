package dev.coffer.host.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxPosixTest {
    private final LinuxPosix posix = new LinuxPosix();

    @TempDir
    private Path folder;

    private int root;

    @BeforeEach
    void open() throws Exception {
        root = posix.openRoot(name(folder.toString()));
    }

    @AfterEach
    void close() {
        posix.close(root);
    }

    @Test
    void noLinkIsFollowedByName() throws Exception {
        Files.createDirectories(folder.resolve("real"));
        Files.writeString(folder.resolve("file"), "x");
        Files.createSymbolicLink(folder.resolve("toFolder"), Path.of("real"));
        Files.createSymbolicLink(folder.resolve("toFile"), Path.of("file"));

        assertRefused(() -> posix.openFolder(root, name("toFolder")), Errno.ENOTDIR, Errno.ELOOP);
        assertRefused(() -> posix.openToRead(root, name("toFile")), Errno.ELOOP);
        assertRefused(() -> posix.create(root, name("toFile"), 0), Errno.EEXIST);
        assertThat(posix.statAt(root, name("toFile")).type()).isEqualTo(Stat.Type.SYMLINK);
        int handle = posix.openHandle(root, name("toFile"));
        assertThat(posix.stat(handle).type()).isEqualTo(Stat.Type.SYMLINK);
        posix.setModified(handle, new Stat.Time(5, 6));
        posix.close(handle);
        assertThat(posix.statAt(root, name("toFile")).modified()).isEqualTo(new Stat.Time(5, 6));
        assertThat(posix.statAt(root, name("file")).modified()).isNotEqualTo(new Stat.Time(5, 6));
    }

    @Test
    void anExclusiveRenameLeavesWhatIsThere() throws Exception {
        Files.writeString(folder.resolve("a"), "a");
        Files.writeString(folder.resolve("b"), "b");

        assertRefused(() -> posix.rename(root, name("a"), name("b"), false), Errno.EEXIST);

        assertThat(folder.resolve("b")).hasContent("b");
        posix.rename(root, name("a"), name("b"), true);
        assertThat(folder.resolve("b")).hasContent("a");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void bytesAreWrittenAndReadAtTheirOffset() throws Exception {
        int fd = posix.create(root, name("f"), 0b110_000_000);
        posix.write(fd, ByteBuffer.allocateDirect(3).put(name("abc")).flip(), 5_000_000_000L);
        posix.close(fd);
        assertThat(Files.size(folder.resolve("f"))).isEqualTo(5_000_000_003L);

        int read = posix.openToRead(root, name("f"));
        var buffer = ByteBuffer.allocateDirect(10);
        assertThat(posix.read(read, buffer, 4_999_999_999L)).isEqualTo(4);
        assertThat(posix.read(read, buffer.clear(), 5_000_000_003L)).isZero();
        assertThat(posix.nextHole(read, 5_000_000_000L)).isEqualTo(5_000_000_003L);
        assertThat(posix.nextData(read, 5_000_000_003L)).isEmpty();
        posix.close(read);
    }

    @Test
    void whatIsWrittenPastTheCacheIsReadThroughItAndTheOtherWayRound() throws Exception {
        int fd = posix.create(root, name("f"), 0b110_000_000);
        assumeTrue(posix.goPastCache(fd));
        var blocks = ByteBuffer.allocateDirect(4 * Posix.BLOCK);
        var aligned = blocks.alignedSlice(Posix.BLOCK);
        aligned.limit(2 * Posix.BLOCK);
        posix.write(fd, aligned, 0);
        assertRefused(() -> posix.write(fd, ByteBuffer.allocateDirect(3), 2 * Posix.BLOCK), Errno.EINVAL);
        posix.goThroughCache(fd);
        posix.write(fd, ByteBuffer.allocateDirect(3).put(name("abc")).flip(), 2 * Posix.BLOCK);
        posix.close(fd);

        int read = posix.openToRead(root, name("f"));
        assertThat(posix.goPastCache(read)).isTrue();
        aligned.clear().limit(Posix.BLOCK);
        assertThat(posix.read(read, aligned, 2 * Posix.BLOCK)).isEqualTo(3);
        assertThat(aligned.flip().get(2)).isEqualTo((byte) 'c');
        posix.close(read);
    }

    @Test
    void aListingTellsTypes() throws Exception {
        Files.createDirectory(folder.resolve("folder"));
        Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("symlink"), Path.of("file"));
        posix.makeNode(root, name("fifo"), Stat.Type.FIFO, 0);

        for (var entry : posix.entries(root)) {
            assertThat(entry.type().orElseThrow().name().toLowerCase(Locale.ROOT))
                    .isEqualTo(new String(entry.name(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void namesComeInBatchesUntilTheEnd() throws Exception {
        for (int i = 0; i < 5000; i++) {
            Files.createFile(folder.resolve("a-name-of-some-length-" + i));
        }
        var names = new ArrayList<String>();
        int batches = 0;
        for (var some = posix.entries(root); !some.isEmpty(); some = posix.entries(root)) {
            batches++;
            some.forEach(entry -> names.add(new String(entry.name(), StandardCharsets.UTF_8)));
        }

        assertThat(batches).isGreaterThan(1);
        assertThat(names).hasSize(5000).doesNotHaveDuplicates().doesNotContain(".", "..");
    }

    @Test
    void aRefusalNamesTheCallAndTheReason() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> posix.statAt(root, name("missing")))
                .withMessage("statx: ENOENT");
        assertRefused(() -> posix.openFolder(root, name("x".repeat(256))), Errno.ENAMETOOLONG);
        assertRefused(() -> posix.makeFolder(root, name("a/b"), 0), Errno.ENOENT);
    }

    @Test
    void statTellsWhatWasSet() throws Exception {
        int fd = posix.create(root, name("f"), 0b110_000_000);
        posix.truncate(fd, 1 << 20);
        posix.chmod(fd, 0b100_101_000_000);
        posix.setModified(fd, new Stat.Time(-7, 999_999_999));
        posix.link(root, name("f"), root, name("g"));
        var stat = posix.stat(fd);
        posix.close(fd);

        assertThat(stat.type()).isEqualTo(Stat.Type.FILE);
        assertThat(stat.permissions()).isEqualTo(0b100_101_000_000);
        assertThat(stat.size()).isEqualTo(1 << 20);
        assertThat(stat.blocks()).isZero();
        assertThat(stat.modified()).isEqualTo(new Stat.Time(-7, 999_999_999));
        assertThat(stat.links()).isEqualTo(2);
        assertThat(stat.uid()).isEqualTo(posix.effectiveUser());
        assertThat(stat.sameInode(posix.statAt(root, name("g")))).isTrue();
    }

    private static void assertRefused(ThrowingCallable call, Errno... reasons) {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.errno()).isIn((Object[]) reasons));
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
