package dev.coffer.host.efs;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One restore into a destination. A first pass makes folders in path order and hands everything else to the writers; a folder gets its attributes when all in it is done. A second pass, if there are hard links,
 * makes them, since their first name may come later in the order. Memory does not grow with the number of items.
 */
final class TreeRestore {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int SUBSTITUTES_AT_MOST = 100_000;
    private static final int WRITABLE = 0xc0;
    private static final int OWNER_ONLY = 0x1c0;

    private final Posix posix;
    private final RecoveryPointReader point;
    private final RestoreOrder order;
    private final Destination destination;
    private final ByteCount count;
    private final int writers;
    private final Findings findings = new Findings();
    private final TreeFaults faults;
    private final InodeAttributes attributes;
    private final Inodes inodes;
    /** In a restore of some items: where the content of a first name that is not among them was written instead. */
    private final Map<ItemPath, ItemPath> substitutes = new HashMap<>();

    private boolean linksSeen;

    TreeRestore(
            Posix posix,
            RecoveryPointReader point,
            RestoreOrder order,
            Destination destination,
            Activity activity,
            int writers) {
        this.posix = posix;
        this.point = point;
        this.order = order;
        this.destination = destination;
        count = new ByteCount(
                activity, order.items().isEmpty() ? point.manifest().logicalBytes() : 0);
        this.writers = writers;
        faults = destination.faults();
        attributes = new InodeAttributes(posix, findings, faults);
        inodes = new Inodes(posix, point, attributes);
    }

    Restored run() throws InterruptedException {
        var wanted = wanted();
        try {
            try (var trail = FolderTrail.first(posix, destination.base(), findings, faults)) {
                Crew.run("restore", writers, crew -> {
                    for (var under : wanted) {
                        PointItems.each(point, under, item -> visit(crew, trail, item));
                    }
                    trail.leaveAll();
                });
            }
            if (linksSeen) {
                try (var trail = FolderTrail.again(posix, destination.base(), findings, faults);
                        var arena = Arena.ofConfined()) {
                    var buffer = arena.allocate(BUFFER_BYTES, Posix.BLOCK).asByteBuffer();
                    for (var under : wanted) {
                        PointItems.each(point, under, item -> visitLink(trail, item, buffer));
                    }
                    trail.leaveAll();
                }
            }
            end();
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            throw new SourceException.Unavailable(
                    "The restore could not be ended in " + faults.path() + " (" + failure.getMessage() + ").", failure);
        }
        count.end();
        return new Restored(
                destination.resource(), destination.created(), count.bytes(), findings.count(), findings.named());
    }

    private List<ItemPath> wanted() throws InterruptedException {
        if (order.items().isEmpty()) {
            return List.of(ItemPath.ROOT);
        }
        var found = new ArrayList<ItemPath>();
        for (var path : order.items()) {
            if (point.find(path).isPresent()) {
                found.add(path);
            } else {
                findings.add(path, "is not in the recovery point");
            }
        }
        if (found.isEmpty()) {
            throw new SourceException.Impossible("None of ItemsToRestore is in the recovery point, for example "
                    + order.items().getFirst()
                    + ". Paths begin at the root of the file system, and their case counts.");
        }
        return found;
    }

    private void end() throws PosixException, InterruptedException {
        destination.unmark();
        var root = point.find(ItemPath.ROOT).filter(item -> item.kind() == ItemKind.DIRECTORY);
        if (root.isPresent()) {
            for (int folder : destination.own().reversed()) {
                attributes.apply(folder, root.get());
            }
            boolean overwritten = order.inPlace() && order.items().isEmpty() && order.conflict() == Conflict.OVERWRITE;
            if (overwritten) {
                attributes.apply(destination.base(), root.get());
            }
        }
        destination.sync();
    }

    private void visit(Crew crew, FolderTrail trail, Item item) throws InterruptedException {
        if (item.kind() == ItemKind.HARD_LINK) {
            linksSeen = true;
            return;
        }
        if (item.kind() == ItemKind.DIRECTORY) {
            trail.to(item.path(), item.path(), (path, parent, name) -> makeFolder(path, parent, name, item));
            return;
        }
        if (item.path().isRoot()) {
            findings.add(item.path(), "the root is not a folder in the recovery point");
            return;
        }
        var folder = trail.to(
                item.path().parent(), item.path(), (path, parent, name) -> makeFolder(path, parent, name, item));
        if (folder.isPresent()) {
            var held = folder.get();
            held.hold();
            crew.handOut(item.size(), buffer -> {
                put(held.fd(), item, item.path().name(), buffer);
                held.release();
            });
        }
    }

    private FolderTrail.Way makeFolder(ItemPath path, int parent, byte[] name, Item visited)
            throws PosixException, NotRestored, InterruptedException {
        var item = visited.path().equals(path) ? Optional.of(visited) : point.find(path);
        if (item.isPresent() && item.get().kind() != ItemKind.DIRECTORY) {
            throw new NotRestored("is not a folder in the recovery point, though something is said to be in it");
        }
        boolean made = true;
        try {
            posix.makeFolder(parent, name, Placement.UNFINISHED);
        } catch (PosixException failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
            made = false;
        }
        int fd = posix.openFolder(parent, name);
        try {
            var stat = posix.stat(fd);
            boolean own = made || destination.placement().owns(stat, item);
            if (own && !made && lacksAccess(stat.permissions())) {
                posix.chmod(fd, OWNER_ONLY);
            }
            boolean plain = own && item.isEmpty();
            return new FolderTrail.Way(fd, stat, handle -> {
                if (own && item.isPresent()) {
                    attributes.apply(handle, item.get());
                } else if (plain) {
                    attributes.applyNone(handle, path);
                }
            });
        } catch (PosixException failure) {
            posix.close(fd);
            throw failure;
        }
    }

    private boolean lacksAccess(int permissions) {
        return posix.effectiveUser() != 0 && (permissions & WRITABLE) != WRITABLE;
    }

    private void put(int folder, Item item, byte[] name, ByteBuffer buffer) throws InterruptedException {
        try (var share = count.share()) {
            destination
                    .placement()
                    .put(
                            folder,
                            name,
                            item,
                            (free, durably) -> inodes.make(folder, free, item, durably, buffer, share::moved),
                            (taken, there) -> inodes.matches(folder, taken, there, item));
            share.settle(item.size());
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            findings.add(item.path(), reason(failure));
        } catch (NotRestored failure) {
            findings.add(item.path(), String.valueOf(failure.getMessage()));
        } catch (RepositoryException.Corrupt damage) {
            findings.add(item.path(), String.valueOf(damage.getMessage()));
        }
    }

    private static String reason(PosixException failure) {
        return failure.errno() == Errno.EPERM
                ? "may not be made by the user of the server: " + failure.getMessage()
                : "could not be restored: " + failure.getMessage();
    }

    private void visitLink(FolderTrail trail, Item link, ByteBuffer buffer) throws InterruptedException {
        if (link.kind() != ItemKind.HARD_LINK) {
            return;
        }
        if (link.path().isRoot()) {
            findings.add(link.path(), "the root is not a folder in the recovery point");
            return;
        }
        var folder = trail.to(link.path().parent(), link.path(), this::findFolder);
        if (folder.isEmpty()) {
            return;
        }
        try {
            var first = firstName(link);
            var linked = linkTo(folder.get().fd(), first, link);
            if (!linked) {
                // Its content under this name; the item at the first name has it, and all attributes.
                var alone = new Item(link.path(), first.kind(), first.size(), first.attributes(), first.content());
                put(folder.get().fd(), alone, link.path().name(), buffer);
                if (substitutes.size() < SUBSTITUTES_AT_MOST) {
                    substitutes.putIfAbsent(first.path(), link.path());
                }
            }
        } catch (PosixException failure) {
            faults.endIfAll(failure);
            findings.add(link.path(), reason(failure));
        } catch (NotRestored failure) {
            findings.add(link.path(), String.valueOf(failure.getMessage()));
        }
    }

    private Item firstName(Item link) throws NotRestored, InterruptedException {
        var path = link.attributes().bytes(FileAttributes.LINK);
        if (path.isPresent()) {
            try {
                var first = point.find(ItemPath.of(path.get()));
                if (first.isPresent() && first.get().kind() == ItemKind.FILE) {
                    return first.get();
                }
            } catch (IllegalArgumentException notAPath) {
                throw new NotRestored("its first name is not a path", notAPath);
            }
        }
        throw new NotRestored("the recovery point has no file at its first name");
    }

    /** False if the file's first name is not in the target with the content that it should have. */
    private boolean linkTo(int folder, Item first, Item link) throws PosixException, NotRestored, InterruptedException {
        var from = Optional.ofNullable(substitutes.get(first.path())).orElse(first.path());
        Optional<Integer> holder = open(from.parent());
        if (holder.isEmpty()) {
            return false;
        }
        try {
            int there = holder.get();
            var inode = Placement.look(posix, there, from.name());
            if (inode.isEmpty() || !inodes.matches(there, from.name(), inode.get(), first)) {
                return false;
            }
            var name = link.path().name();
            var now = Placement.look(posix, folder, name);
            if (now.isPresent() && now.get().sameInode(inode.get())) {
                return true;
            }
            destination
                    .placement()
                    .put(
                            folder,
                            name,
                            link,
                            (free, _) -> posix.link(there, from.name(), folder, free),
                            (taken, other) -> inodes.matches(folder, taken, other, first));
            return true;
        } catch (PosixException failure) {
            if (failure.errno() == Errno.EMLINK || failure.errno() == Errno.EXDEV) {
                return false;
            }
            throw failure;
        } finally {
            posix.close(holder.get());
        }
    }

    /** Opens a folder of the target by its path below the base; empty if it is not there as a folder. */
    private Optional<Integer> open(ItemPath path) throws PosixException {
        int fd = posix.openFolder(destination.base(), new byte[] {'.'});
        for (var name : path.names()) {
            int above = fd;
            try {
                fd = posix.openFolder(above, name);
            } catch (PosixException failure) {
                faults.endIfAll(failure);
                return Optional.empty();
            } finally {
                posix.close(above);
            }
        }
        return Optional.of(fd);
    }

    /** Enters a folder of the first pass, and leaves it with the time and mode that it has now. */
    private FolderTrail.Way findFolder(ItemPath path, int parent, byte[] name) throws PosixException {
        int fd = posix.openFolder(parent, name);
        try {
            var stat = posix.stat(fd);
            boolean opened = lacksAccess(stat.permissions());
            if (opened) {
                posix.chmod(fd, OWNER_ONLY);
            }
            return new FolderTrail.Way(fd, stat, handle -> {
                try {
                    if (opened) {
                        posix.chmod(handle, stat.permissions());
                    }
                    posix.setModified(handle, stat.modified());
                } catch (PosixException failure) {
                    faults.endIfAll(failure);
                    findings.add(path, "the time could not be set: " + failure.getMessage());
                }
            });
        } catch (PosixException failure) {
            posix.close(fd);
            throw failure;
        }
    }
}
