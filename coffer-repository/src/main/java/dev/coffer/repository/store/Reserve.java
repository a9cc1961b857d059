package dev.coffer.repository.store;

import dev.coffer.core.store.SpareRoom;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk space that is kept for deletions: a full disk would otherwise have no room for the few bytes that say what is to be freed. The space is a file of random bytes; it is given up when a deletion cannot go on, and taken again when
 * there is room for twice as much, so that taking it never stops others. Safe for many threads.
 */
public final class Reserve implements SpareRoom {
    /** Keeps nothing. */
    public static final Reserve NONE = new Reserve(Optional.empty(), 0, RandomGenerator.getDefault());

    private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
    private static final int PIECE = 1 << 20;

    private final Optional<Path> file;
    private final long bytes;
    private final RandomGenerator random;

    /** What frees space. It may be run twice. */
    @FunctionalInterface
    public interface Deletion<T> {
        T run() throws InterruptedException;
    }

    private Reserve(Optional<Path> file, long bytes, RandomGenerator random) {
        this.file = file;
        this.bytes = bytes;
        this.random = random;
    }

    /** Keeps so many bytes in the file from now on, if there is room for them. */
    public static Reserve of(Path file, long bytes, RandomGenerator random) {
        var reserve = new Reserve(Optional.of(file), bytes, random);
        reserve.keep();
        return reserve;
    }

    /** Runs a deletion. If the store cannot go on, gives the space up and runs it again, once. */
    public <T> T use(Deletion<T> deletion) throws InterruptedException {
        try {
            return deletion.run();
        } catch (StoreException.Unavailable stuck) {
            if (!giveUp()) {
                throw stuck;
            }
            LOG.atWarn().setCause(stuck).log("space that was kept for deletions is used, since one could not go on");
            return deletion.run();
        } finally {
            keep();
        }
    }

    @Override
    public synchronized boolean giveUp() {
        try {
            return file.isPresent() && Files.deleteIfExists(file.get());
        } catch (IOException stays) {
            return false;
        }
    }

    @Override
    public synchronized boolean keep() {
        if (file.isEmpty()) {
            return true;
        }
        try {
            if (Files.exists(file.get()) && Files.size(file.get()) == bytes) {
                return true;
            }
            Files.deleteIfExists(file.get());
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            if (Files.getFileStore(file.get().toAbsolutePath().getParent()).getUsableSpace() < 2 * bytes) {
                return false;
            }
            write(file.get());
            return true;
        } catch (IOException noRoom) {
            LOG.atDebug().setCause(noRoom).log("no space can be kept for deletions now");
            giveUp();
            return false;
        }
    }

    /** Random bytes: a file system that compresses or leaves zeros out would keep nothing for others. */
    private void write(Path target) throws IOException {
        try (var channel = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var piece = new byte[(int) Math.min(PIECE, bytes)];
            for (long left = bytes; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                var out = ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, left));
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            }
            channel.force(true);
        }
    }
}
