package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One capture of a tree: one thread walks it depth first and stats, some read. Names of a folder are taken in batches and sorted within a batch, so that a folder of any size takes bounded memory; up to a
 * batch, the order is that of the paths. All batches of the folders on the way share one budget of names.
 *
 * <p>An entry that is gone when it is read was deleted meanwhile and is no finding. What cannot be read is named and left out.
 */
final class TreeCapture {
    private static final Duration TIMES_ARE_EXACT_TO = Duration.ofSeconds(2);
    private static final int READS_AT_MOST = 3;
    private static final int LOOKS_AT_MOST = 3;
    private static final int LINKED_AT_ONCE = 500_000;
    private static final int NAMES_IN_ALL = 200_000;
    private static final int NAMES_AT_LEAST = 256;
    private static final int NAMES_AT_MOST = 20_000;
    private static final byte[] ITSELF = {'.'};

    private final Posix posix;
    private final WriteSession session;
    private final ByteCount count;
    private final EfsSettings settings;
    private final int readers;
    private final TreeFaults faults;
    private final Instant startedAt;
    private final Stat.Time racyFrom;
    private final Folders folders;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final HardLinks links = new HardLinks(LINKED_AT_ONCE);
    private final Findings findings = new Findings();
    private int namesHeld;

    TreeCapture(
            Posix posix,
            WriteSession session,
            ByteCount count,
            EfsSettings settings,
            int readers,
            TreeFaults faults,
            Instant startedAt) {
        this.posix = posix;
        this.session = session;
        this.count = count;
        this.settings = settings;
        this.readers = readers;
        this.faults = faults;
        this.startedAt = startedAt;
        var racy = startedAt.minus(TIMES_ARE_EXACT_TO);
        racyFrom = new Stat.Time(racy.getEpochSecond(), racy.getNano());
        folders = new Folders(posix);
    }

    /** A folder on the way and the names in it that are to come. */
    private static final class Level {
        final Folders.Folder folder;
        List<byte[]> names = List.of();
        int next;
        boolean ended;

        Level(Folders.Folder folder) {
            this.folder = folder;
        }
    }

    /** Captures the tree below the handle, which it closes. */
    CaptureSummary run(int rootFd, Stat root) throws InterruptedException {
        try (folders) {
            enter(ItemPath.ROOT, rootFd, root);
            Crew.run("capture", readers, crew -> walk(crew, root));
        }
        count.end();
        return new CaptureSummary(startedAt, findings.count(), findings.named());
    }

    private void enter(ItemPath path, int fd, Stat stat) {
        levels.push(new Level(folders.enter(path, fd, stat, _ -> {})));
    }

    private void walk(Crew crew, Stat root) throws InterruptedException {
        putFolder(folders.top().fd(), ITSELF, ItemPath.ROOT, root);
        while (!levels.isEmpty()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            var level = levels.element();
            var name = next(level);
            if (name.isPresent()) {
                visit(crew, level.folder, name.get(), root);
            } else {
                leave();
            }
        }
    }

    private void leave() throws InterruptedException {
        levels.pop();
        try {
            folders.leave();
        } catch (PosixException moved) {
            var above = levels.element();
            findings.add(above.folder.path(), "the folder was moved while it was read; what follows in it is missing");
            namesHeld -= above.names.size() - above.next;
            above.names = List.of();
            above.next = 0;
            above.ended = true;
        }
    }

    private Optional<byte[]> next(Level level) {
        if (level.next == level.names.size()) {
            refill(level);
        }
        if (level.next == level.names.size()) {
            return Optional.empty();
        }
        namesHeld--;
        return Optional.of(level.names.get(level.next++));
    }

    private void refill(Level level) {
        level.names = List.of();
        level.next = 0;
        if (level.ended) {
            return;
        }
        int room = Math.clamp(NAMES_IN_ALL - namesHeld, NAMES_AT_LEAST, NAMES_AT_MOST);
        var names = new ArrayList<byte[]>();
        try {
            while (names.size() < room && !level.ended) {
                var some = posix.names(level.folder.fd());
                level.ended = some.isEmpty();
                names.addAll(some);
            }
        } catch (PosixException failure) {
            level.ended = true;
            faults.endIfAll(failure);
            if (level.folder.path().isRoot()) {
                throw new SourceException.Unavailable(
                        "The root of the file system, " + settings.path() + ", could not be listed ("
                                + failure.getMessage() + ").",
                        failure);
            }
            if (failure.errno() != Errno.ENOENT) {
                findings.add(level.folder.path(), "the folder could not be listed: " + failure.getMessage());
            }
        }
        if (level.ended) {
            level.folder.mayBeClosed();
        }
        names.sort(Arrays::compareUnsigned);
        level.names = names;
        namesHeld += names.size();
    }

    private void visit(Crew crew, Folders.Folder folder, byte[] name, Stat root) throws InterruptedException {
        ItemPath path;
        try {
            path = folder.path().child(name);
        } catch (IllegalArgumentException tooLong) {
            findings.add(folder.path(), "a name in the folder makes a path over 65535 bytes");
            return;
        }
        Stat stat;
        try {
            stat = posix.statAt(folder.fd(), name);
        } catch (PosixException failure) {
            unreadable(path, failure);
            return;
        }
        boolean otherMount = stat.device() != root.device() || stat.mount() != root.mount();
        if (otherMount && !settings.crossMounts()) {
            findings.add(path, "another file system is mounted here; crossMounts includes it");
            return;
        }
        if (stat.type() == Stat.Type.FOLDER) {
            visitFolder(folder, name, path, stat);
            return;
        }
        Optional<HardLinks.Entry> entry = Optional.empty();
        if (stat.type() == Stat.Type.FILE && stat.links() > 1) {
            entry = links.sight(stat, path);
            if (entry.isEmpty()) {
                findings.add(path, "kept as a file of its own: too many files with several names to follow at once");
            }
        }
        var linked = entry;
        folder.hold();
        crew.handOut(stat.size(), buffer -> {
            if (linked.isPresent()) {
                captureLinked(folder.fd(), name, path, stat, linked.get(), buffer);
            } else {
                captureEntry(folder.fd(), name, path, stat, buffer);
            }
            folder.release();
        });
    }

    private void visitFolder(Folders.Folder parent, byte[] name, ItemPath path, Stat stat) throws InterruptedException {
        int fd;
        try {
            fd = posix.openFolder(parent.fd(), name);
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ENOTDIR || failure.errno() == Errno.ELOOP) {
                findings.add(path, "the folder was replaced by something else while the tree was read");
            } else {
                if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ESTALE) {
                    putFolder(parent.fd(), name, path, stat);
                }
                unreadable(path, failure);
            }
            return;
        }
        Stat opened;
        try {
            opened = posix.stat(fd);
        } catch (PosixException failure) {
            posix.close(fd);
            unreadable(path, failure);
            return;
        }
        enter(path, fd, opened);
        putFolder(fd, ITSELF, path, opened);
    }

    private void putFolder(int fd, byte[] name, ItemPath path, Stat stat) throws InterruptedException {
        session.put(path, ItemKind.DIRECTORY, attributes(fd, name, path, stat).build());
    }

    private void unreadable(ItemPath path, PosixException failure) {
        faults.endIfAll(failure);
        if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ESTALE) {
            findings.add(path, "could not be read: " + failure.getMessage());
        }
    }

    private void captureLinked(int fd, byte[] name, ItemPath path, Stat stat, HardLinks.Entry entry, ByteBuffer buffer)
            throws InterruptedException {
        var claim = entry.claim();
        while (!claim.path().equals(path)) {
            if (claim.await()) {
                session.put(
                        path,
                        ItemKind.HARD_LINK,
                        Attributes.builder()
                                .bytes(FileAttributes.LINK, claim.path().toBytes())
                                .build());
                return;
            }
            // The first name could not be read or is gone; this one may still bring the content.
            claim = entry.takeOver(claim, path);
        }
        boolean kept = false;
        try {
            kept = captureEntry(fd, name, path, stat, buffer);
        } finally {
            claim.kept().complete(kept);
        }
    }

    /** Captures what is not a folder; false if it is not in the point. */
    private boolean captureEntry(int fd, byte[] name, ItemPath path, Stat seen, ByteBuffer buffer)
            throws InterruptedException {
        try {
            var stat = seen;
            for (int look = 0; look < LOOKS_AT_MOST; look++) {
                if (captureAs(fd, name, path, stat, buffer)) {
                    return true;
                }
                stat = posix.statAt(fd, name);
            }
            findings.add(path, "was replaced again and again while it was read");
        } catch (PosixException failure) {
            unreadable(path, failure);
        }
        return false;
    }

    /** False if the name stands for another inode by now. */
    private boolean captureAs(int fd, byte[] name, ItemPath path, Stat stat, ByteBuffer buffer)
            throws PosixException, InterruptedException {
        switch (stat.type()) {
            case FILE -> {
                return captureFile(fd, name, path, stat, buffer);
            }
            case FOLDER -> {
                return false;
            }
            case SYMLINK -> {
                var target = posix.readLink(fd, name);
                session.put(
                        path,
                        ItemKind.SYMLINK,
                        attributes(fd, name, path, stat)
                                .bytes(FileAttributes.TARGET, target)
                                .build());
            }
            case FIFO ->
                session.put(
                        path, ItemKind.FIFO, attributes(fd, name, path, stat).build());
            case CHARACTER_DEVICE -> putDevice(fd, name, path, stat, ItemKind.CHARACTER_DEVICE);
            case BLOCK_DEVICE -> putDevice(fd, name, path, stat, ItemKind.BLOCK_DEVICE);
            case SOCKET ->
                findings.add(path, "a socket is not kept: it means nothing without the process that made it");
        }
        return true;
    }

    private void putDevice(int fd, byte[] name, ItemPath path, Stat stat, ItemKind kind) throws InterruptedException {
        session.put(
                path,
                kind,
                attributes(fd, name, path, stat)
                        .number(FileAttributes.RDEV, stat.rdev())
                        .build());
    }

    private boolean captureFile(int fd, byte[] name, ItemPath path, Stat stat, ByteBuffer buffer)
            throws PosixException, InterruptedException {
        var inherited = session.inherited(path)
                .filter(item -> item.kind() == ItemKind.FILE && FileAttributes.unchanged(item, stat));
        if (inherited.isPresent()) {
            session.keep(inherited.get(), attributes(fd, name, path, stat).build());
            count.share().settle(stat.size());
            return true;
        }
        int file;
        try {
            file = posix.openToRead(fd, name);
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ELOOP) {
                return false;
            }
            throw failure;
        }
        try {
            for (int read = 1; ; read++) {
                var before = posix.stat(file);
                if (before.type() != Stat.Type.FILE) {
                    return false;
                }
                try (var writer = session.open(path, ItemKind.FILE);
                        var share = count.share()) {
                    FileContent.read(posix, file, before, writer, buffer, share::moved);
                    var attributes = attributes(fd, name, path, before);
                    boolean steady = posix.stat(file).sameContentAs(before);
                    if (steady || read == READS_AT_MOST) {
                        if (!steady) {
                            attributes.number(FileAttributes.RACY, 1);
                            findings.add(path, "changed while it was read; kept as it was read last");
                        }
                        writer.finish(attributes.build());
                        share.settle(before.size());
                        return true;
                    }
                }
            }
        } finally {
            posix.close(file);
        }
    }

    private Attributes.Builder attributes(int fd, byte[] name, ItemPath path, Stat stat) {
        var attributes = FileAttributes.of(stat);
        // An inode that changes within one tick of the file server's clock keeps its times.
        if (stat.type() == Stat.Type.FILE && stat.changed().compareTo(racyFrom) >= 0) {
            attributes.number(FileAttributes.RACY, 1);
        }
        try {
            for (var attribute : posix.attributeNames(fd, name)) {
                try {
                    FileAttributes.extended(attributes, attribute, posix.attribute(fd, name, attribute));
                } catch (PosixException failure) {
                    if (failure.errno() != Errno.ENODATA) {
                        findings.add(
                                path,
                                "extended attribute " + new String(attribute, StandardCharsets.UTF_8)
                                        + " could not be read: " + failure.getMessage());
                    }
                }
            }
        } catch (PosixException failure) {
            if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ESTALE) {
                findings.add(path, "extended attributes could not be read: " + failure.getMessage());
            }
        }
        return attributes;
    }
}
