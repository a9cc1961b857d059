package dev.coffer.server.event;

import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Outlet;
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
import java.util.concurrent.locks.Lock;

/**
 * A file of JSON lines. When it is full it becomes {@code FILE.1}, the one before {@code FILE.2}, and so on; the last of those that are kept goes. A line is on the disk when {@link #send} returns.
 * Several may write to one file if they share the lock.
 */
final class EventFile implements Outlet<Event> {
    private final Path file;
    private final long maxBytes;
    private final int keep;
    private final Lock lock;

    EventFile(Path file, long maxBytes, int keep, Lock lock) {
        this.lock = lock;
        this.file = file;
        this.maxBytes = maxBytes;
        this.keep = keep;
    }

    @Override
    public void send(Event event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var line = (EventJson.of(event) + "\n").getBytes(StandardCharsets.UTF_8);
            if (Files.exists(file) && Files.size(file) > 0 && Files.size(file) + line.length > maxBytes) {
                rotate();
            }
            append(line);
        } catch (IOException unwritable) {
            throw new DeliveryException("the file " + file + " cannot be written: " + unwritable, false, unwritable);
        } finally {
            lock.unlock();
        }
    }

    private void rotate() throws IOException {
        for (int number = keep - 1; number >= 1; number--) {
            if (Files.exists(numbered(number))) {
                Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private void append(byte[] line) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownerOnly)) {
            long end = channel.size();
            // A crash may have left half a line. It ends here, and its event comes again as a whole one.
            boolean torn = end > 0 && lastByte(channel, end) != '\n';
            var bytes = ByteBuffer.allocate(line.length + 1);
            if (torn) {
                bytes.put((byte) '\n');
            }
            bytes.put(line).flip();
            while (bytes.hasRemaining()) {
                end += channel.write(bytes, end);
            }
            channel.force(false);
        }
    }

    private static byte lastByte(FileChannel channel, long size) throws IOException {
        var last = ByteBuffer.allocate(1);
        channel.read(last, size - 1);
        return last.get(0);
    }
}
