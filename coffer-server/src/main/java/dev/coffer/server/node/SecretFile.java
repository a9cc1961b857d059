package dev.coffer.server.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A small file that only its owner can read, replaced as a whole: after a crash it has its old content or its new one. */
final class SecretFile {
    private SecretFile() {}

    /** Writes the text; durable on return. */
    static void write(Path file, String text) {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NodeException("not a file: " + file);
        }
        var fresh = folder.resolve("." + file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            try (var channel = FileChannel.open(
                    fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            try (var parent = FileChannel.open(folder, StandardOpenOption.READ)) {
                parent.force(true);
            }
        } catch (IOException failed) {
            throw new NodeException("the file " + file + " cannot be written (" + failed + ").", failed);
        }
    }
}
