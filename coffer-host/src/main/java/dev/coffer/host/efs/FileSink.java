package dev.coffer.host.efs;

import dev.coffer.core.repository.ContentSink;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Writes a content into a new file, a large one past the page cache where the file system does that well. Nothing is durable before the file or its file system is synced. Used by one thread. */
final class FileSink implements ContentSink {
    private static final long WRITTEN_AT_ONCE = 8 << 20;

    private final Posix posix;
    private final int fd;
    private final ByteBuffer buffer;
    private final LongConsumer moved;
    private boolean pastCache;
    /** Where in the file the buffer's beginning belongs. */
    private long at;
    /** Up to where the kernel was told to begin. */
    private long begun;

    /**
     * A sink for so many bytes.
     *
     * @param buffer direct, aligned to blocks and some blocks large; nobody else uses it until the {@link #end}
     */
    FileSink(Posix posix, int fd, long size, ByteBuffer buffer, LongConsumer moved) throws PosixException {
        this.posix = posix;
        this.fd = fd;
        this.buffer = buffer.clear();
        this.moved = moved;
        this.pastCache = size >= FilePieces.LARGE_BYTES && posix.goPastCache(fd);
    }

    @Override
    public void data(long offset, ByteBuffer bytes) throws PosixException, InterruptedException {
        if (offset != at + buffer.position()) {
            write();
            at = offset;
        }
        while (bytes.hasRemaining()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            int some = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(bytes.slice(bytes.position(), some));
            bytes.position(bytes.position() + some);
            moved.accept(some);
            if (!buffer.hasRemaining()) {
                write();
            }
        }
    }

    @Override
    public void hole(long offset, long length) {
        // A new file has a hole wherever nothing is written.
        moved.accept(length);
    }

    /** Writes what is left, and returns where the last byte is. */
    long end() throws PosixException {
        write();
        return at;
    }

    private void write() throws PosixException {
        buffer.flip();
        long end = at + buffer.limit();
        if (pastCache && at % Posix.BLOCK == 0) {
            int blocks = buffer.limit() / Posix.BLOCK * Posix.BLOCK;
            int rest = buffer.limit();
            try {
                posix.write(fd, buffer.limit(blocks), at);
            } catch (PosixException refused) {
                if (refused.errno() != Errno.EINVAL) {
                    throw refused;
                }
            }
            buffer.limit(rest);
        }
        if (buffer.hasRemaining()) {
            if (pastCache) {
                // Not a whole block, or this file cannot be written so after all.
                posix.goThroughCache(fd);
                pastCache = false;
                begun = at;
            }
            posix.write(fd, buffer, at + buffer.position());
        }
        buffer.clear();
        at = end;
        if (!pastCache && at - begun >= WRITTEN_AT_ONCE) {
            // Else the kernel waits for much more of it, and the disk has all to do at the end of the restore.
            posix.startWriting(fd, begun, at - begun);
            begun = at;
        }
    }
}
