package dev.coffer.repository.store;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fills a new file front to back, a large one past the page cache where the file system does that well: what a backup writes is not read again soon, and would take the place of pages that the
 * host works with. What does not fit a block, at the end, goes through the cache.
 */
final class FileFiller {
    /** From so many bytes on it is worth waiting for the disk. */
    static final int LARGE_BYTES = 1 << 20;

    private static final int BLOCK = 4 << 10;
    private static final int AT_ONCE = 4 << 20;
    private static final int PIECE = 128 << 10;
    private static final Set<String> PAST_CACHE = Set.of("ext4", "xfs", "btrfs");

    private final FileChannel file;
    private Optional<FileChannel> direct;
    private final ByteBuffer buffer;
    private long position;

    private FileFiller(FileChannel file, Optional<FileChannel> direct, ByteBuffer buffer) {
        this.file = file;
        this.direct = direct;
        this.buffer = buffer;
    }

    /**
     * Writes all that the stream yields, which is not durable yet; returns how much that was.
     *
     * @param path of the file
     * @param file open for writing, and empty
     * @param size how much will come, more or less
     */
    static long fill(Path path, FileChannel file, InputStream in, long size) throws IOException {
        var option = size < LARGE_BYTES ? Optional.<OpenOption>empty() : pastCache(path);
        if (option.isEmpty()) {
            return fill(file, Optional.empty(), in, size);
        }
        var direct = opened(path, option.get());
        try {
            return fill(file, direct, in, size);
        } finally {
            if (direct.isPresent()) {
                direct.get().close();
            }
        }
    }

    /** Empty if the file cannot be opened so: some mount options do without. */
    private static Optional<FileChannel> opened(Path path, OpenOption option) {
        try {
            return Optional.of(FileChannel.open(path, StandardOpenOption.WRITE, option));
        } catch (IOException | UnsupportedOperationException refused) {
            return Optional.empty();
        }
    }

    /** What the file is opened with to go past the cache; empty where that is not known to serve. */
    private static Optional<OpenOption> pastCache(Path path) throws IOException {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            return Optional.empty();
        }
        var store = Files.getFileStore(path);
        return PAST_CACHE.contains(store.type()) && store.getBlockSize() <= BLOCK ? direct() : Optional.empty();
    }

    /** The option by its name: it is one of the JDK's own, which need not be there. */
    private static Optional<OpenOption> direct() {
        try {
            return Stream.of(
                            Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants())
                    .filter(each -> each.toString().equals("DIRECT"))
                    .map(OpenOption.class::cast)
                    .findFirst();
        } catch (ClassNotFoundException another) {
            return Optional.empty();
        }
    }

    /** The same, whole blocks by the second channel, as long as that takes them. */
    static long fill(FileChannel file, Optional<FileChannel> direct, InputStream in, long size) throws IOException {
        // Freed at the end, and not when the collector comes to it.
        try (var memory = Arena.ofConfined()) {
            var buffer = memory.allocate(Math.clamp(size, 1, AT_ONCE), BLOCK).asByteBuffer();
            return new FileFiller(file, direct, buffer).all(in);
        }
    }

    private long all(InputStream in) throws IOException {
        var piece = new byte[Math.min(PIECE, buffer.capacity())];
        for (int count = in.read(piece, 0, room(piece)); count >= 0; count = in.read(piece, 0, room(piece))) {
            buffer.put(piece, 0, count);
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
        flush();
        return position;
    }

    private int room(byte[] piece) {
        return Math.min(piece.length, buffer.remaining());
    }

    private void flush() throws IOException {
        buffer.flip();
        int rest = buffer.limit();
        if (direct.isPresent()) {
            try {
                put(direct.get(), buffer.limit(rest / BLOCK * BLOCK));
            } catch (IOException refused) {
                // The rest goes through the cache, where anything else that is wrong shows again.
                direct = Optional.empty();
            }
        }
        put(file, buffer.limit(rest));
        buffer.clear();
    }

    private void put(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }
}
