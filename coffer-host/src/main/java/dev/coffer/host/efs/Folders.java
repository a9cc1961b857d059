package dev.coffer.host.efs;

import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The folders that one walk holds open: a stack from the root to where the walk is, and folders that it has left while work in them goes on. In a deep tree, handles far up the stack are closed, and
 * opened again when the walk comes back, through {@code ..} or else by their path from the root; the inode has to be the same then, so a folder that was moved meanwhile leads nowhere.
 *
 * <p>Safe for many threads; its own monitor is the lock of all its folders.
 */
final class Folders implements AutoCloseable {
    private static final byte[] ITSELF = {'.'};
    private static final byte[] UP = {'.', '.'};
    private static final int KEPT_OPEN = 128;
    private static final int CLOSED = -1;

    private final Posix posix;
    private final List<Folder> stack = new ArrayList<>();
    private final Set<Folder> open = new HashSet<>();

    Folders(Posix posix) {
        this.posix = posix;
    }

    /** What is to be done when the last work in a folder is done, before its handle is closed. */
    interface Leaving {
        void run(int fd) throws InterruptedException;
    }

    /** A folder that is held. */
    final class Folder {
        private final ItemPath path;
        private final Stat stat;
        private final Leaving leaving;
        private final List<Folder> parents;
        private int fd;
        private int uses = 1;
        private int childFolders;
        private boolean mayBeClosed;

        private Folder(ItemPath path, int fd, Stat stat, Leaving leaving, List<Folder> parents) {
            this.path = path;
            this.fd = fd;
            this.stat = stat;
            this.leaving = leaving;
            this.parents = parents;
        }

        ItemPath path() {
            return path;
        }

        Stat stat() {
            return stat;
        }

        /** The handle; valid while the walk is here or a use is held. */
        int fd() {
            synchronized (Folders.this) {
                if (fd == CLOSED) {
                    throw new IllegalStateException("the folder " + path + " is not open");
                }
                return fd;
            }
        }

        /** Keeps the handle open until {@link #release}. */
        void hold() {
            synchronized (Folders.this) {
                uses++;
            }
        }

        void release() throws InterruptedException {
            Folder folder = this;
            while (true) {
                synchronized (Folders.this) {
                    folder.uses--;
                    if (folder.uses > 0) {
                        return;
                    }
                }
                if (folder.fd != CLOSED) {
                    folder.leaving.run(folder.fd);
                    folder.shut();
                }
                if (folder.parents.isEmpty()) {
                    return;
                }
                folder = folder.parents.getFirst();
                synchronized (Folders.this) {
                    folder.childFolders--;
                }
            }
        }

        /** Says that the handle has no position that would be lost if it were closed for a while. */
        void mayBeClosed() {
            synchronized (Folders.this) {
                mayBeClosed = true;
            }
        }

        private void shut() {
            synchronized (Folders.this) {
                if (fd != CLOSED) {
                    posix.close(fd);
                    fd = CLOSED;
                    open.remove(this);
                }
            }
        }
    }

    /** Steps into a folder that was opened with this handle; it becomes the top. */
    Folder enter(ItemPath path, int fd, Stat stat, Leaving leaving) {
        synchronized (this) {
            List<Folder> parents = stack.isEmpty() ? List.of() : List.of(stack.getLast());
            var folder = new Folder(path, fd, stat, leaving, parents);
            for (var parent : parents) {
                parent.uses++;
                parent.childFolders++;
            }
            open.add(folder);
            stack.add(folder);
            int far = stack.size() - 1 - KEPT_OPEN;
            if (far > 0) {
                var idle = stack.get(far);
                // One use is the walk's, one its child's.
                if (idle.mayBeClosed && idle.uses == 1 + idle.childFolders) {
                    idle.shut();
                }
            }
            return folder;
        }
    }

    boolean isEmpty() {
        synchronized (this) {
            return stack.isEmpty();
        }
    }

    int depth() {
        synchronized (this) {
            return stack.size();
        }
    }

    Folder top() {
        synchronized (this) {
            return stack.getLast();
        }
    }

    /**
     * Steps out of the top, which ends when the last use of it does.
     *
     * @throws PosixException ESTALE if the folder above had been closed and cannot be found again; the walk is in it then, without a handle, and can only step out
     */
    void leave() throws PosixException, InterruptedException {
        Folder left;
        PosixException lost = null;
        synchronized (this) {
            left = stack.removeLast();
            if (!stack.isEmpty() && stack.getLast().fd == CLOSED) {
                try {
                    reopen(left, stack.getLast());
                } catch (PosixException moved) {
                    lost = moved;
                }
            }
        }
        left.release();
        if (lost != null) {
            throw lost;
        }
    }

    private void reopen(Folder below, Folder folder) throws PosixException {
        int fd;
        try {
            fd = above(below, folder);
        } catch (PosixException moved) {
            fd = fromRoot(folder);
        }
        folder.fd = fd;
        open.add(folder);
    }

    private int above(Folder below, Folder folder) throws PosixException {
        if (below.fd == CLOSED) {
            throw new PosixException("openat", Errno.ESTALE);
        }
        return same(posix.openFolder(below.fd, UP), folder);
    }

    private int fromRoot(Folder folder) throws PosixException {
        int fd = posix.openFolder(stack.getFirst().fd, ITSELF);
        for (var name : folder.path.names()) {
            int next;
            try {
                next = posix.openFolder(fd, name);
            } finally {
                posix.close(fd);
            }
            fd = next;
        }
        return same(fd, folder);
    }

    private int same(int fd, Folder folder) throws PosixException {
        boolean same = false;
        try {
            same = posix.stat(fd).sameInode(folder.stat);
        } finally {
            if (!same) {
                posix.close(fd);
            }
        }
        if (!same) {
            throw new PosixException("openat", Errno.ESTALE);
        }
        return fd;
    }

    /** Whether the top has a handle. */
    boolean topIsOpen() {
        synchronized (this) {
            return stack.getLast().fd != CLOSED;
        }
    }

    /** Closes all handles that a walk has left behind; nothing may use them any more. */
    @Override
    public void close() {
        synchronized (this) {
            for (var folder : List.copyOf(open)) {
                folder.shut();
            }
        }
    }
}
