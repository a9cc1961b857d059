package dev.coffer.server.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Everything that Coffer keeps on this node, in one folder that one server at a time may use. The folder is readable by its owner alone.
 *
 * <pre>
 * lock            held while a server runs
 * credentials     AWS shared credentials file of the administrators
 * catalog/        the embedded database
 * keys/           the node key, and the key that wraps the data keys of vaults
 * vaults/         the vaults, ACCOUNT/REGION/NAME; self-contained with keys/coffer.key
 * cache/          indexes and scratch files; may be deleted while no server runs
 * restored/       new resources of restores whose source names no place for them
 * </pre>
 */
public final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataFolder(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the folder if it is not there, and locks it.
     *
     * @throws NodeException if another server uses it, or it cannot be used
     */
    public static DataFolder open(Path root) {
        try {
            var folder = Files.createDirectories(
                            root.toAbsolutePath(), PosixFilePermissions.asFileAttribute(OWNER_ONLY))
                    .toRealPath();
            var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException sameProcess) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new NodeException(
                        "the data folder " + folder
                                + " is in use by another Coffer server. Stop that one, or start this one with another --data folder.");
            }
            return new DataFolder(folder, channel, lock);
        } catch (IOException unusable) {
            throw new NodeException(
                    "the data folder " + root + " cannot be used (" + unusable
                            + "). It needs to be a folder on a local file system that this user can write.",
                    unusable);
        }
    }

    /** A folder inside, made if it is not there. */
    public Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (IOException unusable) {
            throw new NodeException(
                    "the folder " + root.resolve(name) + " cannot be made (" + unusable + ").", unusable);
        }
    }

    public Path root() {
        return root;
    }

    /** Lets another server use the folder. */
    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException ending) {
            throw new NodeException("the lock of " + root + " could not be released", ending);
        }
    }
}
