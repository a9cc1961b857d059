package dev.coffer.testkit.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class CrashFileSystemTest {
    private static final int MOST = 1000;

    private final CrashFileSystem system = new CrashFileSystem(InstantSource.fixed(Instant.EPOCH));
    private final Path root = system.root();

    private static byte[] bytes(char filler, int length) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) filler);
        return bytes;
    }

    private static void write(Path file, byte[] bytes, boolean force) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
            if (force) {
                channel.force(true);
            }
        }
    }

    private static void force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** What each file of an image holds, by its path. */
    private static Map<String, String> files(CrashFileSystem image) {
        var files = new TreeMap<String, String>();
        try (var paths = Files.walk(image.root())) {
            for (var path : paths.toList()) {
                if (Files.isRegularFile(path)) {
                    files.put(path.toString(), Files.readString(path, US_ASCII));
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return files;
    }

    private List<Map<String, String>> images() {
        return system.images(MOST, 1).map(CrashFileSystemTest::files).toList();
    }

    @Test
    void whatWasForcedIsInEveryImage() throws Exception {
        Files.createDirectory(root.resolve("folder"));
        force(root);
        write(root.resolve("folder/file"), bytes('a', 700), true);
        force(root.resolve("folder"));

        assertThat(images())
                .isNotEmpty()
                .allSatisfy(image ->
                        assertThat(image).containsOnlyKeys("/folder/file").containsValue("a".repeat(700)));
    }

    @Test
    void anEntryIsUncertainUntilItsFolderIsForced() throws Exception {
        write(root.resolve("kept"), bytes('a', 1), true);
        write(root.resolve("other"), bytes('b', 1), true);
        force(root);
        Files.delete(root.resolve("kept"));
        Files.createLink(root.resolve("linked"), root.resolve("other"));

        assertThat(images().stream().map(Map::keySet))
                .map(names -> String.join(" ", names))
                .containsExactlyInAnyOrder("/kept /other", "/other", "/kept /linked /other", "/linked /other");
        force(root);
        assertThat(images().stream().map(Map::keySet).map(names -> String.join(" ", names)))
                .containsExactly("/linked /other");
    }

    @Test
    void bytesThatWereNotForcedMayBeAbsentTornOrLateAndTheSizeMayBeAheadOfThem() throws Exception {
        write(root.resolve("file"), new byte[0], true);
        force(root);
        write(root.resolve("file"), bytes('a', 1000), false);

        var zero = "\0";
        assertThat(images().stream().map(image -> image.get("/file")).distinct())
                .containsExactlyInAnyOrder(
                        "",
                        "a".repeat(1000),
                        "a".repeat(512) + zero.repeat(488),
                        zero.repeat(512) + "a".repeat(488),
                        zero.repeat(1000));
    }

    @Test
    void aSectorIsFoundAsItWasAtSomeMoment() throws Exception {
        write(root.resolve("file"), bytes('a', 3), true);
        force(root);
        write(root.resolve("file"), bytes('b', 1), false);
        write(root.resolve("file"), bytes('c', 2), false);
        try (var channel = FileChannel.open(root.resolve("file"), StandardOpenOption.WRITE)) {
            channel.truncate(2);
        }

        assertThat(images().stream().map(image -> image.get("/file")).distinct())
                .containsExactlyInAnyOrder("aaa", "aa", "baa", "ba", "cca", "cc", "cc\0");
    }

    @Test
    void aRenameIsThereOrNotButNeverHalf() throws Exception {
        Files.createDirectory(root.resolve("from"));
        Files.createDirectory(root.resolve("to"));
        force(root);
        write(root.resolve("from/a"), bytes('x', 1), true);
        force(root.resolve("from"));
        Files.move(root.resolve("from/a"), root.resolve("to/b"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(images().stream().map(image -> String.join(" ", image.keySet())))
                .containsExactlyInAnyOrder("/from/a", "/to/b");
        force(root.resolve("to"));
        assertThat(images().stream().map(image -> String.join(" ", image.keySet())))
                .containsExactly("/to/b");
    }

    @Test
    void aFolderWhoseEntryIsLostIsLostWithAllThatIsInIt() throws Exception {
        Files.createDirectory(root.resolve("folder"));
        write(root.resolve("folder/file"), bytes('a', 1), true);
        force(root.resolve("folder"));

        assertThat(images().stream().map(Map::size)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void afterAForceThatFailedALaterOneDoesNotMakeTheBytesCertainThoughTheyAreRead() throws Exception {
        var file = root.resolve("file");
        write(file, bytes('a', 5), true);
        force(root);
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes('b', 5)));
            system.failAt(1, Errno.EIO);
            // The first operation that can end so is the force.
            assertThatThrownBy(() -> channel.force(true))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Input/output error");
            channel.force(true);
            assertThat(Files.readString(file)).isEqualTo("bbbbb");
            assertThat(images().stream().map(image -> image.get("/file"))).containsExactlyInAnyOrder("aaaaa", "bbbbb");

            channel.write(ByteBuffer.wrap(bytes('c', 1)), 0);
            channel.force(true);
            assertThat(images().stream().map(image -> image.get("/file"))).containsExactly("cbbbb");
        }
    }

    @Test
    void thereIsAnImageForEveryMomentAndAllThatWasWrittenIsInTheLast() throws Exception {
        write(root.resolve("file"), bytes('a', 1), true);
        force(root);
        var kept = new ArrayList<Integer>();
        for (int effects = 0; effects <= system.effects(); effects++) {
            var images = system.images(effects, MOST, 1)
                    .map(CrashFileSystemTest::files)
                    .toList();
            kept.add((int) images.stream()
                    .filter(image -> "a".equals(image.get("/file")))
                    .count());
            assertThat(images.size()).isPositive();
        }
        // Nothing, made, written, forced, and the folder forced.
        assertThat(kept.subList(0, 2)).containsOnly(0);
        assertThat(kept.getLast()).isEqualTo(1);
        assertThat(system.images(system.effects(), MOST, 1)).hasSize(1);
    }

    @Test
    void manyImagesAreSampledAsTheSeedSaysAndTheLeastAndTheMostAreAmongThem() throws Exception {
        for (int i = 0; i < 30; i++) {
            write(root.resolve("file" + i), bytes('a', 1), true);
        }
        int now = system.effects();
        var images = system.images(now, 20, 5).map(CrashFileSystemTest::files).toList();
        assertThat(images).hasSize(20);
        assertThat(images.get(0)).isEmpty();
        assertThat(images.get(1)).hasSize(30);
        assertThat(new HashSet<>(images)).hasSizeGreaterThan(5);
        assertThat(system.images(now, 20, 5).map(CrashFileSystemTest::files)).isEqualTo(images);
        assertThat(system.images(now, 20, 6).map(CrashFileSystemTest::files)).isNotEqualTo(images);
        assertThat(system.images(now, 20, 5)).first().asString().contains("seed 5", "after effect " + now);
    }

    @Test
    void anImageIsAFileSystemOfItsOwnInWhichAllIsDurable() throws Exception {
        write(root.resolve("one"), bytes('a', 3), true);
        Files.createLink(root.resolve("two"), root.resolve("one"));
        force(root);
        var image = system.images(2, 1).findFirst().orElseThrow();
        assertThat(image.images(MOST, 1)).hasSize(1);

        Files.writeString(image.root().resolve("one"), "new");
        assertThat(Files.readString(image.root().resolve("two"))).isEqualTo("new");
        assertThat(Files.readString(root.resolve("one"))).isEqualTo("aaa");
        Files.writeString(image.root().resolve("three"), "x");
        assertThat(Files.readString(image.root().resolve("one"))).isEqualTo("new");
    }

    @Test
    void aSettledCopyHoldsWhatTheProcessSawWhateverWasForced() throws Exception {
        write(root.resolve("file"), bytes('a', 3), false);
        var copy = system.settled();
        assertThat(copy.images(MOST, 1).map(CrashFileSystemTest::files)).containsExactly(files(system));
        assertThat(files(copy)).containsEntry("/file", "aaa");
    }

    @Test
    void theOperationOfThatNumberFailsInTheWordsOfTheJdkAndHasNoEffect() throws Exception {
        var file = root.resolve("file");
        for (var errno : Errno.values()) {
            int before = system.effects();
            system.failAt(1, errno);
            assertThatThrownBy(() -> Files.createDirectory(file))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessage("/file: " + errno.words());
            assertThat(system.struck()).isEqualTo(1);
            assertThat(system.effects()).isEqualTo(before);
        }
        system.failAt(2, Errno.ENOSPC);
        assertThatThrownBy(() -> write(file, bytes('a', 1), true))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        assertThat(file).isEmptyFile();
        system.failFrom(1, Errno.EROFS);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Files.delete(file)).hasMessageContaining("Read-only file system");
        }
        assertThat(Files.readAllBytes(file)).isEmpty();
        system.heal();
        Files.delete(file);
        assertThat(file).doesNotExist();
    }

    @Test
    void writesMayBeShort() throws Exception {
        system.writeShort(new Random(1));
        var bytes = ByteBuffer.wrap(bytes('a', 1000));
        int writes = 0;
        try (var channel =
                FileChannel.open(root.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                assertThat(channel.write(bytes)).isPositive();
                writes++;
            }
        }
        assertThat(writes).isGreaterThan(1);
        assertThat(root.resolve("file")).hasBinaryContent(bytes('a', 1000));
    }

    @Test
    void filesBehaveAsThoseOfLinux() throws Exception {
        var folder = Files.createDirectories(root.resolve("a/b"));
        var file = folder.resolve("c");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Files.readString(file));
        Files.writeString(file, "text");
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> Files.createFile(file));
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> Files.createLink(file, file));
        assertThatExceptionOfType(DirectoryNotEmptyException.class).isThrownBy(() -> Files.delete(folder));
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Files.readString(file.resolve("d")))
                .withMessageContaining("Not a directory");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Files.readString(folder));
        assertThat(Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(Files.exists(root.resolve("nothing"))).isFalse();
        try (var in = Files.newInputStream(file)) {
            Files.delete(file);
            assertThat(in.readAllBytes()).asString(US_ASCII).isEqualTo("text");
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(ClosedByInterruptException.class)
                    .isThrownBy(() -> channel.write(ByteBuffer.allocate(1)));
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file).isEmptyFile();
    }

    @Test
    void pathsBehaveAsThoseOfLinux() {
        var texts = List.of("/", "/a", "/a/b/../c", "/a/b", "a", "a/b", "", "..", "a/./b", "/a/b/c/d");
        List<UnaryOperator<Path>> unary = List.of(
                Path::normalize,
                path -> path.resolve("x"),
                path -> path.resolve(""),
                path -> path.resolveSibling("y"),
                path -> path.resolve(path.getFileSystem().getPath("/z")));
        for (var text : texts) {
            var ours = system.getPath(text);
            var real = Path.of(text);
            for (var operator : unary) {
                assertThat(operator.apply(ours))
                        .hasToString(operator.apply(real).toString());
            }
            assertThat(String.valueOf(ours.getParent())).isEqualTo(String.valueOf(real.getParent()));
            assertThat(String.valueOf(ours.getFileName())).isEqualTo(String.valueOf(real.getFileName()));
            assertThat(ours.getNameCount()).isEqualTo(real.getNameCount());
            for (var other : texts) {
                assertThat(ours.startsWith(system.getPath(other))).isEqualTo(real.startsWith(Path.of(other)));
                assertThat(ours.endsWith(system.getPath(other)))
                        .as("%s ends with %s", text, other)
                        .isEqualTo(real.endsWith(Path.of(other)));
                if (ours.isAbsolute() == system.getPath(other).isAbsolute() && !(text + other).contains(".")) {
                    assertThat(ours.relativize(system.getPath(other)))
                            .hasToString(real.relativize(Path.of(other)).toString());
                }
            }
        }
    }

    /** Saves a text under a name, and believes to have made it durable. */
    private interface Saving {
        void save(Path folder, byte[] bytes) throws IOException;
    }

    /** What may be found after somebody saved the text. */
    private static Set<String> foundAfter(Saving saving) throws IOException {
        var system = new CrashFileSystem(InstantSource.fixed(Instant.EPOCH));
        saving.save(system.root(), bytes('a', 600));
        var found = new HashSet<String>();
        system.images(MOST, 1).forEach(image -> found.add(files(image).getOrDefault("/name", "nothing")));
        return found;
    }

    @Test
    void aSaverThatForgetsAStepIsFoundOut() throws Exception {
        var whole = "a".repeat(600);
        assertThat(foundAfter((folder, bytes) -> {
                    write(folder.resolve("tmp"), bytes, true);
                    Files.move(folder.resolve("tmp"), folder.resolve("name"), StandardCopyOption.ATOMIC_MOVE);
                    force(folder);
                }))
                .containsExactly(whole);
        assertThat(foundAfter((folder, bytes) -> {
                    write(folder.resolve("tmp"), bytes, true);
                    Files.move(folder.resolve("tmp"), folder.resolve("name"), StandardCopyOption.ATOMIC_MOVE);
                }))
                .containsExactlyInAnyOrder(whole, "nothing");
        assertThat(foundAfter((folder, bytes) -> {
                    write(folder.resolve("tmp"), bytes, false);
                    Files.move(folder.resolve("tmp"), folder.resolve("name"), StandardCopyOption.ATOMIC_MOVE);
                    force(folder);
                }))
                .contains(whole, "", "a".repeat(512) + "\0".repeat(88));
    }
}
