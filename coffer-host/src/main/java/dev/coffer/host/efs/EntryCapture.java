package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.Attributes;
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

/**
 * Brings one inode of a tree into a session: what it is, its attributes, its content. Safe for many threads.
 *
 * <p>An entry that is gone when it is read was deleted meanwhile and is no finding. What cannot be read is named and left out.
 */
final class EntryCapture {
    private static final Duration TIMES_ARE_EXACT_TO = Duration.ofSeconds(2);
    private static final int READS_AT_MOST = 3;
    private static final int LOOKS_AT_MOST = 3;

    private final Posix posix;
    private final WriteSession session;
    private final ByteCount count;
    private final TreeFaults faults;
    private final Findings findings;
    private final Stat.Time racyFrom;

    EntryCapture(
            Posix posix,
            WriteSession session,
            ByteCount count,
            TreeFaults faults,
            Findings findings,
            Instant startedAt) {
        this.posix = posix;
        this.session = session;
        this.count = count;
        this.faults = faults;
        this.findings = findings;
        var racy = startedAt.minus(TIMES_ARE_EXACT_TO);
        racyFrom = new Stat.Time(racy.getEpochSecond(), racy.getNano());
    }

    /** Puts a folder, without what is in it. */
    void folder(int fd, byte[] name, ItemPath path, Stat stat) throws InterruptedException {
        session.put(path, ItemKind.DIRECTORY, attributes(fd, name, path, stat).build());
    }

    /** Tells of what could not be read, unless it is gone; the end of all, if the whole tree is. */
    void unreadable(ItemPath path, PosixException failure) {
        faults.endIfAll(failure);
        if (failure.errno() != Errno.ENOENT && failure.errno() != Errno.ESTALE) {
            findings.add(path, "could not be read: " + failure.getMessage());
        }
    }

    /** Captures one of several names of a file. */
    void linked(int fd, byte[] name, ItemPath path, Stat stat, HardLinks.Entry entry, ByteBuffer buffer)
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
            kept = entry(fd, name, path, stat, buffer);
        } finally {
            claim.kept().complete(kept);
        }
    }

    /** Captures what is not a folder; false if it is not in the point. */
    boolean entry(int fd, byte[] name, ItemPath path, Stat seen, ByteBuffer buffer) throws InterruptedException {
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
