package dev.coffer.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory tree as teams have them: many small texts, some large files that do not compress, a sparse disk image, links, and the names and attributes that backup tools stumble over. The same seed makes the same tree.
 */
final class SampleTree {
    static final int DAYS_AT_MOST = 30;

    private static final int MIB = 1 << 20;
    private static final int SMALL_FILES = 3000;
    private static final int MEDIA_FILES = 40;
    private static final List<String> WORDS = List.of(
            "vault",
            "backup",
            "restore",
            "retention",
            "manifest",
            "chunk",
            "window",
            "policy",
            "ledger",
            "report",
            "invoice",
            "customer",
            "region",
            "account",
            "schedule",
            "the",
            "of",
            "and",
            "in",
            "to");

    private final Path root;
    private final Random random;

    SampleTree(Path root, long seed) {
        this.root = root;
        this.random = new Random(seed);
    }

    /** Writes the tree: about 300 MB. */
    void create() throws IOException {
        for (int i = 0; i < SMALL_FILES; i++) {
            var folder = Files.createDirectories(root.resolve("projects/p%02d/notes".formatted(i % 30)));
            Files.writeString(folder.resolve("note-%04d.md".formatted(i)), text(500 + random.nextInt(12_000)));
        }
        var media = Files.createDirectories(root.resolve("media"));
        for (int i = 0; i < MEDIA_FILES; i++) {
            var bytes = new byte[MIB + random.nextInt(9 * MIB)];
            random.nextBytes(bytes);
            Files.write(media.resolve("clip-%02d.bin".formatted(i)), bytes);
        }
        var logs = Files.createDirectories(root.resolve("logs"));
        for (int i = 0; i < 4; i++) {
            Files.writeString(logs.resolve("service-%d.log".formatted(i)), text(15 * MIB));
        }
        image(Files.createDirectories(root.resolve("images")).resolve("disk.img"));
        oddThings(Files.createDirectories(root.resolve("odd")));
    }

    private void image(Path file) throws IOException {
        try (var image = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            var block = new byte[4 * MIB];
            for (int i = 0; i < 8; i++) {
                random.nextBytes(block);
                image.write(ByteBuffer.wrap(block), (long) i * 64 * MIB);
            }
            image.write(ByteBuffer.wrap(new byte[] {1}), 512L * MIB - 1);
        }
    }

    private void oddThings(Path odd) throws IOException {
        Files.writeString(odd.resolve("line\nbreak.txt"), "a name with a line break\n");
        Files.writeString(odd.resolve("-rf"), "a name like an option\n");
        Files.writeString(odd.resolve("trailing dot."), "a name with a trailing dot\n");
        Files.writeString(odd.resolve("café ☕ 日本"), "a name with accents, a symbol and another script\n");
        Files.writeString(odd.resolve("x".repeat(255)), "the longest name\n");
        Files.createFile(odd.resolve("empty"));
        Files.createDirectory(odd.resolve("empty folder"));
        Files.createSymbolicLink(odd.resolve("link to media"), Path.of("../media"));
        Files.createSymbolicLink(odd.resolve("broken link"), Path.of("nowhere"));
        var original = odd.resolve("original");
        Files.writeString(original, "one file, two names\n");
        Files.createLink(odd.resolve("second name"), original);
        var locked = odd.resolve("locked");
        Files.writeString(locked, "read-only for its owner\n");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r--------"));
        var tagged = odd.resolve("tagged");
        Files.writeString(tagged, "a file with an extended attribute\n");
        if (Files.getFileStore(tagged).supportsFileAttributeView(UserDefinedFileAttributeView.class)) {
            Files.getFileAttributeView(tagged, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .write("project", StandardCharsets.UTF_8.encode("coffer"));
        }
        Files.setLastModifiedTime(tagged, FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
    }

    /** A day's work: a few files change, come and go. The days are numbered from 1 to {@link #DAYS_AT_MOST}. */
    void aDayPasses(int day) throws IOException {
        for (int i = 0; i < 30; i++) {
            var note = root.resolve("projects/p%02d/notes/note-%04d.md".formatted(i, i));
            Files.writeString(note, text(2_000), StandardOpenOption.APPEND);
        }
        Files.writeString(root.resolve("logs/service-0.log"), text(MIB), StandardOpenOption.APPEND);
        var fresh = new byte[3 * MIB];
        random.nextBytes(fresh);
        Files.write(root.resolve("media/new clip %d.bin".formatted(day)), fresh);
        Files.delete(root.resolve("media/clip-%02d.bin".formatted(day)));
    }

    /** What brings people to their backups: half of the tree is gone, a file is damaged. Returns how many files are lost. */
    long loseHalf() throws IOException {
        long lost = 0;
        for (var folder : Set.of("projects", "odd")) {
            lost += delete(root.resolve(folder));
        }
        try (var damaged = FileChannel.open(root.resolve("media/clip-00.bin"), StandardOpenOption.WRITE)) {
            damaged.write(ByteBuffer.wrap(new byte[4096]), 100_000);
        }
        return lost;
    }

    /** Deletes a tree; returns how many files it held. */
    static long delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        long files = all.stream()
                .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .count();
        for (var path : all.reversed()) {
            Files.delete(path);
        }
        return files;
    }

    private String text(int length) {
        var text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(random.nextInt(12) == 0 ? ".\n" : " ");
            if (random.nextInt(8) == 0) {
                text.append(random.nextInt(100_000)).append(' ');
            }
        }
        return text.toString();
    }
}
