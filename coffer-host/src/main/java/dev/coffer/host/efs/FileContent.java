package dev.coffer.host.efs;

import dev.coffer.core.repository.ContentWriter;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Reads a file's content into a point: data as data, holes as holes. */
final class FileContent {
    private static final int STAT_BLOCK = 512;

    private FileContent() {}

    /** Reads as far as the size in the stat says, so that a file which grows all the time ends too; less if it has become shorter. */
    static void read(Posix posix, int fd, Stat stat, ContentWriter writer, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, InterruptedException {
        long size = stat.size();
        boolean mayHaveHoles = stat.blocks() * STAT_BLOCK < size;
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
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                int got = posix.read(fd, buffer, at);
                if (got == 0) {
                    return;
                }
                writer.write(buffer.flip());
                moved.accept(got);
                at += got;
            }
        }
    }
}
