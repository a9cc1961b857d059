package dev.coffer.host.efs;

import dev.coffer.core.repository.ContentWriter;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Reads a file's content into a point: data as data, holes as holes. Large files are read past the page cache, where the file system does that well. */
final class FileContent {
    /** From where on it pays to go past the page cache. */
    static final long LARGE_BYTES = 1 << 20;

    private static final int STAT_BLOCK = 512;

    private final Posix posix;
    private final int fd;
    private final ContentWriter writer;
    private final ByteBuffer buffer;
    private final LongConsumer moved;
    private boolean pastCache;

    private FileContent(Posix posix, int fd, ContentWriter writer, ByteBuffer buffer, LongConsumer moved) {
        this.posix = posix;
        this.fd = fd;
        this.writer = writer;
        this.buffer = buffer;
        this.moved = moved;
    }

    /**
     * Reads as far as the size in the stat says, so that a file which grows all the time ends too; less if it has become shorter.
     *
     * @param buffer direct, aligned to blocks and some blocks large
     */
    static void read(Posix posix, int fd, Stat stat, ContentWriter writer, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, InterruptedException {
        var content = new FileContent(posix, fd, writer, buffer, moved);
        content.pastCache = stat.size() >= LARGE_BYTES && posix.goPastCache(fd);
        content.read(stat.size(), stat.blocks() * STAT_BLOCK < stat.size());
    }

    private void read(long size, boolean holes) throws PosixException, InterruptedException {
        boolean mayHaveHoles = holes;
        long at = 0;
        while (at < size) {
            long data = at;
            long end = size;
            if (mayHaveHoles) {
                try {
                    data = Math.min(size, posix.nextData(fd, at).orElse(size));
                    end = data < size ? Math.min(size, posix.nextHole(fd, data)) : size;
                } catch (PosixException cannotTell) {
                    if (cannotTell.errno() != Errno.EINVAL && cannotTell.errno() != Errno.EOPNOTSUPP) {
                        throw cannotTell;
                    }
                    mayHaveHoles = false;
                }
            }
            if (data > at) {
                writer.hole(data - at);
                moved.accept(data - at);
            }
            at = data;
            while (at < end) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                int got = fill(at, end - at);
                if (got == 0) {
                    return;
                }
                writer.write(buffer.flip());
                moved.accept(got);
                at += got;
            }
        }
    }

    /** Fills the buffer with at most so many bytes, and returns how many; 0 at the end of the file. */
    private int fill(long at, long most) throws PosixException {
        int wanted = (int) Math.min(buffer.capacity(), most);
        if (pastCache && at % Posix.BLOCK == 0) {
            try {
                posix.read(fd, buffer.clear().limit(Math.ceilDiv(wanted, Posix.BLOCK) * Posix.BLOCK), at);
                buffer.position(Math.min(wanted, buffer.position()));
                return buffer.position();
            } catch (PosixException refused) {
                if (refused.errno() != Errno.EINVAL) {
                    throw refused;
                }
            }
        }
        if (pastCache) {
            // The file ended within a block, or this one cannot be read so after all.
            posix.goThroughCache(fd);
            pastCache = false;
        }
        return posix.read(fd, buffer.clear().limit(wanted), at);
    }
}
