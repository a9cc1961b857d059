package dev.coffer.host.efs;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Makes what is not a folder from its item, with content and attributes. */
final class Inodes {
    private static final int OWNER_ONLY = 0x180;

    private final Posix posix;
    private final RecoveryPointReader point;
    private final InodeAttributes attributes;

    Inodes(Posix posix, RecoveryPointReader point, InodeAttributes attributes) {
        this.posix = posix;
        this.point = point;
        this.attributes = attributes;
    }

    /**
     * Makes the item at a name. Whatever fails leaves nothing at the name, unless the process ends.
     *
     * @param moved told of bytes as they are written
     * @param durably whether a file's content is durable on return
     * @throws PosixException EEXIST if there is anything at the name, and nothing is changed then
     */
    void make(int folder, byte[] name, Item item, boolean durably, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, NotRestored, InterruptedException {
        switch (item.kind()) {
            case FILE -> file(folder, name, item, durably, buffer, moved);
            case SYMLINK -> {
                posix.makeSymlink(folder, name, target(item));
                finish(folder, name, item, Stat.Type.SYMLINK);
            }
            case FIFO -> node(folder, name, item, Stat.Type.FIFO, 0);
            case SOCKET -> node(folder, name, item, Stat.Type.SOCKET, 0);
            case CHARACTER_DEVICE -> node(folder, name, item, Stat.Type.CHARACTER_DEVICE, rdev(item));
            case BLOCK_DEVICE -> node(folder, name, item, Stat.Type.BLOCK_DEVICE, rdev(item));
            case DIRECTORY, HARD_LINK -> throw new IllegalStateException("not made here: " + item);
        }
    }

    /** Whether what is at a name is what the item says, as far as it can be seen without reading content. */
    boolean matches(int folder, byte[] name, Stat there, Item item) throws PosixException {
        return switch (item.kind()) {
            case FILE ->
                there.type() == Stat.Type.FILE
                        && there.size() == item.size()
                        && there.modified().equals(FileAttributes.modified(item));
            case SYMLINK ->
                there.type() == Stat.Type.SYMLINK && Arrays.equals(posix.readLink(folder, name), target(item));
            case FIFO -> there.type() == Stat.Type.FIFO;
            case SOCKET -> there.type() == Stat.Type.SOCKET;
            case CHARACTER_DEVICE -> there.type() == Stat.Type.CHARACTER_DEVICE && there.rdev() == rdev(item);
            case BLOCK_DEVICE -> there.type() == Stat.Type.BLOCK_DEVICE && there.rdev() == rdev(item);
            case DIRECTORY -> there.type() == Stat.Type.FOLDER;
            case HARD_LINK -> there.type() == Stat.Type.FILE;
        };
    }

    /** Whether an inode has the type of an item of the kind. */
    static boolean sameType(Stat there, ItemKind kind) {
        return there.type()
                == switch (kind) {
                    case FILE, HARD_LINK -> Stat.Type.FILE;
                    case SYMLINK -> Stat.Type.SYMLINK;
                    case FIFO -> Stat.Type.FIFO;
                    case SOCKET -> Stat.Type.SOCKET;
                    case CHARACTER_DEVICE -> Stat.Type.CHARACTER_DEVICE;
                    case BLOCK_DEVICE -> Stat.Type.BLOCK_DEVICE;
                    case DIRECTORY -> Stat.Type.FOLDER;
                };
    }

    private static byte[] target(Item item) {
        return item.attributes()
                .bytes(FileAttributes.TARGET)
                .orElseThrow(() -> new RepositoryException.Corrupt(item + " has no target"));
    }

    private static long rdev(Item item) {
        return FileAttributes.number(item.attributes(), FileAttributes.RDEV);
    }

    private void node(int folder, byte[] name, Item item, Stat.Type type, long rdev) throws PosixException {
        posix.makeNode(folder, name, type, rdev);
        finish(folder, name, item, type);
    }

    private void finish(int folder, byte[] name, Item item, Stat.Type type) throws PosixException {
        int handle = posix.openHandle(folder, name);
        try {
            if (posix.stat(handle).type() != type) {
                throw new PosixException("openat", Errno.ESTALE);
            }
            attributes.apply(handle, item);
        } finally {
            posix.close(handle);
        }
    }

    private void file(int folder, byte[] name, Item item, boolean durably, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, NotRestored, InterruptedException {
        int fd = posix.create(folder, name, OWNER_ONLY);
        boolean whole = false;
        try {
            content(fd, item, buffer, moved);
            attributes.apply(fd, item);
            if (durably) {
                posix.sync(fd);
            }
            whole = true;
        } finally {
            posix.close(fd);
            if (!whole) {
                removeTorn(folder, name);
            }
        }
    }

    private void removeTorn(int folder, byte[] name) {
        try {
            posix.unlink(folder, name);
        } catch (PosixException stays) {
            // The failure that led here is the one to tell; a repeat of the job replaces the rest of the file.
        }
    }

    private void content(int fd, Item item, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, NotRestored, InterruptedException {
        try {
            var sink = new FileSink(posix, fd, item.size(), buffer, moved);
            point.read(item, sink);
            if (sink.end() < item.size()) {
                // A hole at the end has written nothing.
                posix.truncate(fd, item.size());
            }
        } catch (PosixException failure) {
            throw failure;
        } catch (IOException failure) {
            throw new NotRestored("could not be written: " + failure.getMessage(), failure);
        } catch (RepositoryException.Corrupt damage) {
            throw new NotRestored("its content is damaged in the vault: " + damage.getMessage(), damage);
        }
    }
}
