package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * Gives an inode the owner, extended attributes, time and mode of its item, in this order: a change of owner takes away set-id bits and capabilities, and the mode of a folder is what tells
 * that it is finished. What cannot be set is
 * a finding.
 */
final class InodeAttributes {
    private static final byte[] ACCESS_ACL = "system.posix_acl_access".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEFAULT_ACL = "system.posix_acl_default".getBytes(StandardCharsets.US_ASCII);
    private static final int NOBODY_ELSE = 0x1c0;

    private final Posix posix;
    private final Findings findings;
    private final TreeFaults faults;

    InodeAttributes(Posix posix, Findings findings, TreeFaults faults) {
        this.posix = posix;
        this.findings = findings;
        this.faults = faults;
    }

    /** Sets them on an inode that this restore has made or may change. */
    void apply(int fd, Item item) {
        boolean owned = owner(fd, item);
        extended(fd, item);
        attempt(item, "the time could not be set", () -> posix.setModified(fd, FileAttributes.modified(item)));
        if (item.kind() != ItemKind.SYMLINK) {
            int mode = (int) FileAttributes.number(item.attributes(), FileAttributes.MODE) & 0xfff;
            // With another owner than it had, a set-id file would lend rights that nobody has given.
            int permissions = owned ? mode : mode & ~Stat.SET_ID_BITS;
            attempt(item, "the mode could not be set", () -> posix.chmod(fd, permissions));
        }
    }

    /** Ends a folder on the way to an item that the point does not have. */
    void applyNone(int fd, ItemPath folder) {
        try {
            posix.chmod(fd, NOBODY_ELSE);
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            findings.add(folder, "the mode could not be set: " + failure.getMessage());
        }
    }

    private boolean owner(int fd, Item item) {
        int uid = (int) FileAttributes.number(item.attributes(), FileAttributes.UID);
        int gid = (int) FileAttributes.number(item.attributes(), FileAttributes.GID);
        return attempt(item, "the owner could not be set", () -> {
            var now = posix.stat(fd);
            if (now.uid() != uid || now.gid() != gid) {
                posix.chown(fd, uid, gid);
            }
        });
    }

    private void extended(int fd, Item item) {
        var wanted = new boolean[2];
        FileAttributes.forEachExtended(item.attributes(), (name, value) -> {
            wanted[0] |= java.util.Arrays.equals(name, ACCESS_ACL);
            wanted[1] |= java.util.Arrays.equals(name, DEFAULT_ACL);
            try {
                posix.setAttribute(fd, name, value);
            } catch (PosixException failure) {
                // Not asked whether the file system is full: an inode has little room for attributes, and says it with
                // the same error.
                findings.add(
                        item.path(),
                        "extended attribute " + new String(name, StandardCharsets.UTF_8) + " could not be set: "
                                + failure.getMessage());
            }
        });
        // The target's folders may have handed down access lists.
        if (item.kind() != ItemKind.SYMLINK && !wanted[0]) {
            attempt(item, "an access list could not be removed", () -> posix.removeAttribute(fd, ACCESS_ACL));
        }
        if (item.kind() == ItemKind.DIRECTORY && !wanted[1]) {
            attempt(item, "an access list could not be removed", () -> posix.removeAttribute(fd, DEFAULT_ACL));
        }
    }

    private interface Step {
        void run() throws PosixException;
    }

    private boolean attempt(Item item, String otherwise, Step step) {
        try {
            step.run();
            return true;
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            findings.add(item.path(), otherwise + ": " + failure.getMessage());
            return false;
        }
    }
}
