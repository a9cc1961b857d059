package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.util.Optional;

/**
 * The way of a restore through the folders of its target, in the order of item paths: it climbs and descends by open handles and single names, and a symbolic link in the way of a folder ends this branch.
 * Used by one thread.
 */
final class FolderTrail implements AutoCloseable {
    private final Folders folders;
    private final Findings findings;
    private final TreeFaults faults;
    private final boolean tellsOfFolders;
    private Optional<ItemPath> blocked = Optional.empty();

    /** How a folder is entered that the trail meets for the first time. */
    interface Entering {
        /** Makes or finds the folder with the last name of the path in its parent, and returns what is to be done when all below it is done. */
        Way enter(ItemPath path, int parent, byte[] name) throws PosixException, NotRestored, InterruptedException;
    }

    /** An open folder and its end. */
    record Way(int fd, Stat stat, Folders.Leaving leaving) {}

    private FolderTrail(Posix posix, int base, Findings findings, TreeFaults faults, boolean tellsOfFolders)
            throws PosixException {
        this.tellsOfFolders = tellsOfFolders;
        this.findings = findings;
        this.faults = faults;
        folders = new Folders(posix);
        int fd = posix.openFolder(base, new byte[] {'.'});
        folders.enter(ItemPath.ROOT, fd, posix.stat(fd), _ -> {}).mayBeClosed();
    }

    /** A trail from the base on, which stays open, that tells of folders that cannot be entered. */
    static FolderTrail first(Posix posix, int base, Findings findings, TreeFaults faults) throws PosixException {
        return new FolderTrail(posix, base, findings, faults, true);
    }

    /** A trail that leaves out what the first one has told of folders. */
    static FolderTrail again(Posix posix, int base, Findings findings, TreeFaults faults) throws PosixException {
        return new FolderTrail(posix, base, findings, faults, false);
    }

    /** Goes to a folder; empty if it cannot be reached, which is then told of the item that wanted it. */
    Optional<Folders.Folder> to(ItemPath folder, ItemPath wantedBy, Entering entering) throws InterruptedException {
        if (isBlocked(folder)) {
            // A folder that failed has been told already.
            if (!blocked.get().equals(wantedBy)) {
                findings.add(wantedBy, "the folder that it belongs into could not be restored");
            }
            return Optional.empty();
        }
        while (!folder.isWithin(folders.top().path())) {
            climb();
        }
        int known = folders.top().path().names().size();
        var names = folder.names();
        for (int i = known; i < names.size(); i++) {
            if (!descend(names.get(i), entering)) {
                if (!blocked.orElseThrow().equals(wantedBy)) {
                    findings.add(wantedBy, "the folder that it belongs into could not be restored");
                }
                return Optional.empty();
            }
        }
        if (!folders.topIsOpen()) {
            findings.add(wantedBy, "the folder that it belongs into was moved during the restore");
            return Optional.empty();
        }
        return Optional.of(folders.top());
    }

    private boolean isBlocked(ItemPath folder) {
        return blocked.isPresent() && folder.isWithin(blocked.get());
    }

    private boolean descend(byte[] name, Entering entering) throws InterruptedException {
        var parent = folders.top();
        var path = parent.path().child(name);
        if (!folders.topIsOpen()) {
            tell(path, "the folder that it belongs into was moved during the restore");
            blocked = Optional.of(path);
            return false;
        }
        try {
            var way = entering.enter(path, parent.fd(), name);
            folders.enter(path, way.fd(), way.stat(), way.leaving()).mayBeClosed();
            return true;
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            tell(path, reason(failure));
        } catch (NotRestored failure) {
            tell(path, String.valueOf(failure.getMessage()));
        }
        blocked = Optional.of(path);
        return false;
    }

    private void tell(ItemPath folder, String reason) {
        if (tellsOfFolders) {
            findings.add(folder, reason);
        }
    }

    private static String reason(PosixException failure) {
        return failure.errno() == Errno.ENOTDIR || failure.errno() == Errno.ELOOP
                ? "a symbolic link, or something else that is not a folder, is in the way; it is neither followed nor replaced"
                : "the folder could not be restored: " + failure.getMessage();
    }

    private void climb() throws InterruptedException {
        var left = folders.top().path();
        try {
            folders.leave();
        } catch (PosixException moved) {
            tell(left.parent(), "the folder was moved during the restore; what follows in it is missing");
        }
    }

    /** Steps out of all folders; each ends when the last work in it does. */
    void leaveAll() throws InterruptedException {
        while (!folders.isEmpty()) {
            climb();
        }
    }

    @Override
    public void close() {
        folders.close();
    }
}
