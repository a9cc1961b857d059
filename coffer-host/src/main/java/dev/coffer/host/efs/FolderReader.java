package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.FolderEntry;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks at names in folders of a tree, opens those that are folders, and lists them. What cannot be read is told and left out. Safe for many threads. */
final class FolderReader {
    private static final int ENTRIES_AT_FIRST = 256;
    private static final byte[] ITSELF = {'.'};

    private final Posix posix;
    private final EntryCapture capture;
    private final Findings findings;
    private final TreeFaults faults;
    private final boolean crossMounts;
    private final Stat root;

    FolderReader(
            Posix posix, EntryCapture capture, Findings findings, TreeFaults faults, boolean crossMounts, Stat root) {
        this.posix = posix;
        this.capture = capture;
        this.findings = findings;
        this.faults = faults;
        this.crossMounts = crossMounts;
        this.root = root;
    }

    /** An open folder and what of it has been listed and not taken. Used by one thread after the other. */
    static final class Listing {
        final int fd;
        final Stat stat;
        private List<FolderEntry> entries = new ArrayList<>();
        private boolean ended;

        Listing(int fd, Stat stat) {
            this.fd = fd;
            this.stat = stat;
        }

        /** Whether nothing more will come. */
        boolean ended() {
            return ended;
        }

        void end() {
            ended = true;
        }

        /** What has been listed, in the order of the names. */
        List<FolderEntry> take() {
            var taken = entries;
            entries = new ArrayList<>();
            taken.sort((one, other) -> Arrays.compareUnsigned(one.name(), other.name()));
            return taken;
        }
    }

    /** What a name was found to be: a folder, which is open now and has been put into the session, or something else; neither if it is not of this tree or cannot be read. */
    record Found(Optional<Listing> folder, Optional<Stat> other) {
        static final Found NOTHING = new Found(Optional.empty(), Optional.empty());
    }

    /** The inode at a name, unless it is not of this tree or cannot be seen. */
    Optional<Stat> look(int folder, byte[] name, ItemPath path) {
        Stat stat;
        try {
            stat = posix.statAt(folder, name);
        } catch (PosixException failure) {
            capture.unreadable(path, failure);
            return Optional.empty();
        }
        boolean otherMount = stat.device() != root.device() || stat.mount() != root.mount();
        if (otherMount && !crossMounts) {
            findings.add(path, "another file system is mounted here; crossMounts includes it");
            return Optional.empty();
        }
        return Optional.of(stat);
    }

    /** Looks at a name that may be a folder's. */
    Found find(int parent, byte[] name, ItemPath path) throws InterruptedException {
        var stat = look(parent, name, path);
        if (stat.isEmpty()) {
            return Found.NOTHING;
        }
        if (stat.get().type() != Stat.Type.FOLDER) {
            return new Found(Optional.empty(), stat);
        }
        int fd;
        try {
            fd = posix.openFolder(parent, name);
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ENOTDIR || failure.errno() == Errno.ELOOP) {
                findings.add(path, "the folder was replaced by something else while the tree was read");
            } else {
                if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ESTALE) {
                    capture.folder(parent, name, path, stat.get());
                }
                capture.unreadable(path, failure);
            }
            return Found.NOTHING;
        }
        boolean whole = false;
        try {
            var listing = new Listing(fd, posix.stat(fd));
            open(listing, path);
            whole = true;
            return new Found(Optional.of(listing), Optional.empty());
        } catch (PosixException failure) {
            capture.unreadable(path, failure);
            return Found.NOTHING;
        } finally {
            if (!whole) {
                posix.close(fd);
            }
        }
    }

    /** Puts the folder into the session and lists some of it. */
    void open(Listing listing, ItemPath path) throws InterruptedException {
        capture.folder(listing.fd, ITSELF, path, listing.stat);
        list(listing, path, ENTRIES_AT_FIRST);
    }

    /** Lists on, up to so many entries or a few more. */
    void list(Listing listing, ItemPath path, int entries) {
        try {
            while (listing.entries.size() < entries && !listing.ended) {
                var some = posix.entries(listing.fd);
                listing.ended = some.isEmpty();
                listing.entries.addAll(some);
            }
        } catch (PosixException failure) {
            listing.ended = true;
            faults.endIfAll(failure);
            if (path.isRoot()) {
                throw new SourceException.Unavailable(
                        "The root of the file system, " + faults.path() + ", could not be listed ("
                                + failure.getMessage() + ").",
                        failure);
            }
            if (failure.errno() != Errno.ENOENT) {
                findings.add(path, "the folder could not be listed: " + failure.getMessage());
            }
        }
    }
}
