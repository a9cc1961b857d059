package dev.coffer.host.efs;

import dev.coffer.core.connector.SourceException;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Tells failures of one item from those of the tree that it is in.
 *
 * @param root the tree's root, open
 * @param path where the root is on the host, for messages
 */
record TreeFaults(Posix posix, int root, String path) {
    private static final Set<Errno> FULL = EnumSet.of(Errno.ENOSPC, Errno.EDQUOT);
    private static final Set<Errno> EXHAUSTED = EnumSet.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM);
    private static final Set<Errno> PERHAPS_GONE = EnumSet.of(
            Errno.ENOENT,
            Errno.ESTALE,
            Errno.EIO,
            Errno.ENODEV,
            Errno.ENXIO,
            Errno.ENOTCONN,
            Errno.EHOSTDOWN,
            Errno.EHOSTUNREACH,
            Errno.EREMOTEIO,
            Errno.ETIMEDOUT);

    /** Opens the root of a tree. */
    static int openRoot(Posix posix, String path, String what) {
        try {
            return posix.openRoot(path.getBytes(StandardCharsets.UTF_8));
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ENOENT) {
                throw new SourceException.NotFound(what + " is not there: no folder " + path
                        + ". Mount it, or correct the path in the configuration.");
            }
            if (failure.errno() == Errno.ENOTDIR || failure.errno() == Errno.ELOOP) {
                throw new SourceException.Impossible(
                        what + " is not a folder: " + path + ". Correct the path in the configuration.");
            }
            if (failure.errno() == Errno.EACCES || failure.errno() == Errno.EPERM) {
                throw new SourceException.Impossible(
                        what + " may not be read: " + path + " (" + failure.getMessage()
                                + "). Give the user of the server access to it.",
                        failure);
            }
            throw new SourceException.Unavailable(
                    what + " cannot be reached: " + path + " (" + failure.getMessage() + ").", failure);
        }
    }

    /** Returns if the failure concerns one item; else ends the work with what the user should know. */
    void endIfAll(PosixException failure) {
        if (FULL.contains(failure.errno())) {
            throw new SourceException.Impossible(
                    "There is no space left in " + path + " (" + failure.getMessage()
                            + "). Make room and start the job again.",
                    failure);
        }
        if (failure.errno() == Errno.EROFS) {
            throw new SourceException.Impossible(
                    "The file system at " + path + " is mounted read-only. Mount it for writing.", failure);
        }
        if (EXHAUSTED.contains(failure.errno())) {
            throw new SourceException.Unavailable(
                    "The server has no resources left to go on in " + path + " (" + failure.getMessage() + ").",
                    failure);
        }
        if (PERHAPS_GONE.contains(failure.errno()) && gone()) {
            throw new SourceException.Unavailable(
                    "The file system at " + path + " went away (" + failure.getMessage() + ").", failure);
        }
    }

    private boolean gone() {
        try {
            return posix.stat(root).links() == 0;
        } catch (PosixException lost) {
            return true;
        }
    }
}
