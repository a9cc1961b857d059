package dev.coffer.host.efs;

import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;

/** Reads a file from its beginning to its end, piece by piece. Large files are read past the page cache, where the file system does that well. Used by one thread at a time. */
final class FilePieces {
    /** From where on it pays to go past the page cache. */
    static final long LARGE_BYTES = 1 << 20;

    private static final int STAT_BLOCK = 512;

    private final Posix posix;
    private final int fd;
    private final long size;
    private boolean mayHaveHoles;
    private boolean pastCache;
    /** What comes next. */
    private long at;
    /** Up to where there is data and no hole, as far as was asked. */
    private long dataEnd;

    private FilePieces(Posix posix, int fd, long size, boolean mayHaveHoles, boolean pastCache) {
        this.posix = posix;
        this.fd = fd;
        this.size = size;
        this.mayHaveHoles = mayHaveHoles;
        this.pastCache = pastCache;
    }

    /** A piece of a content. */
    sealed interface Piece {
        /** The remaining bytes of the buffer, at least one. */
        record Data(ByteBuffer bytes) implements Piece {}

        /** Nothing is stored here; at least one byte long. */
        record Hole(long length) implements Piece {}

        /** Nothing follows. */
        record End() implements Piece {}
    }

    /** The pieces of an open file of which nothing has been read, up to the size in the stat. */
    static FilePieces of(Posix posix, int fd, Stat stat) throws PosixException {
        boolean pastCache = stat.size() >= LARGE_BYTES && posix.goPastCache(fd);
        return new FilePieces(posix, fd, stat.size(), stat.blocks() * STAT_BLOCK < stat.size(), pastCache);
    }

    /**
     * The next piece.
     *
     * @param buffer direct, aligned to blocks, some blocks large; a piece of data is in it
     */
    Piece next(ByteBuffer buffer) throws PosixException {
        if (at >= size) {
            return new Piece.End();
        }
        // More than once only if the data that was found has become a hole meanwhile.
        while (at >= dataEnd) {
            long data = dataFrom(at);
            if (data > at) {
                long hole = data - at;
                at = data;
                dataEnd = data;
                return new Piece.Hole(hole);
            }
        }
        int got = fill(buffer, dataEnd - at);
        if (got == 0) {
            at = size;
            return new Piece.End();
        }
        at += got;
        return new Piece.Data(buffer.flip());
    }

    /** Where the next data begins, and notes where it ends. */
    private long dataFrom(long from) throws PosixException {
        if (mayHaveHoles) {
            try {
                long data = Math.min(size, posix.nextData(fd, from).orElse(size));
                if (data == from) {
                    dataEnd = Math.min(size, posix.nextHole(fd, data));
                }
                return data;
            } catch (PosixException cannotTell) {
                if (cannotTell.errno() != Errno.EINVAL && cannotTell.errno() != Errno.EOPNOTSUPP) {
                    throw cannotTell;
                }
                mayHaveHoles = false;
            }
        }
        dataEnd = size;
        return from;
    }

    /** Fills the buffer with at most so many bytes, and returns how many; 0 at the end of the file. */
    private int fill(ByteBuffer buffer, long most) throws PosixException {
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
