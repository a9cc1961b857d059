package dev.coffer.host.efs;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.host.posix.FolderEntry;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * One capture of a tree: one thread walks its folders depth first, some look at what is in them, open the next folders ahead of the walk, and read. Names of a folder are taken in batches and sorted within a batch, so that
 * a folder of any size takes bounded memory; up to a batch, the order is that of the paths. All batches of the folders on the way share one budget of names.
 */
final class TreeCapture {
    private static final int LINKED_AT_ONCE = 500_000;
    private static final int NAMES_IN_ALL = 200_000;
    private static final int NAMES_AT_LEAST = 256;
    private static final int NAMES_AT_MOST = 20_000;
    private static final int LOOKED_AT_TOGETHER = 32;
    private static final int AHEAD_IN_A_FOLDER = 4;
    private static final int AHEAD_IN_ALL = 64;

    private final Posix posix;
    private final ByteCount count;
    private final int readers;
    private final Instant startedAt;
    private final Findings findings = new Findings();
    private final EntryCapture capture;
    private final FolderReader reader;
    private final Folders folders;
    private final Deque<Level> levels = new ArrayDeque<>();
    private final HardLinks links = new HardLinks(LINKED_AT_ONCE);
    private final Set<FolderAhead> ahead = new HashSet<>();
    private int namesHeld;
    // What the walk has come to and not handed out yet.
    private List<Entry> together = new ArrayList<>();
    private long handedOut;

    TreeCapture(
            Posix posix,
            WriteSession session,
            ByteCount count,
            EfsSettings settings,
            int readers,
            TreeFaults faults,
            Instant startedAt,
            Stat root) {
        this.posix = posix;
        this.count = count;
        this.readers = readers;
        this.startedAt = startedAt;
        capture = new EntryCapture(posix, session, count, faults, findings, startedAt);
        reader = new FolderReader(posix, capture, findings, faults, settings.crossMounts(), root);
        folders = new Folders(posix);
    }

    /** A folder on the way and what is in it that is to come. */
    private static final class Level {
        final Folders.Folder folder;
        final FolderReader.Listing listing;
        final Queue<FolderAhead> ahead = new ArrayDeque<>();
        List<FolderEntry> entries = List.of();
        int next;
        // Where to look for the next folder to open ahead.
        int sighted;

        Level(Folders.Folder folder, FolderReader.Listing listing) {
            this.folder = folder;
            this.listing = listing;
        }
    }

    /** What is not a folder, as far as the walk knows; the inode is looked at later. */
    private static final class Entry {
        final Folders.Folder folder;
        final byte[] name;
        final ItemPath path;
        Optional<Stat> stat;
        Optional<HardLinks.Entry> link = Optional.empty();

        Entry(Folders.Folder folder, byte[] name, ItemPath path, Optional<Stat> stat) {
            this.folder = folder;
            this.name = name;
            this.path = path;
            this.stat = stat;
        }
    }

    /** Captures the tree below the handle, which it closes. */
    CaptureSummary run(int rootFd, Stat root) throws InterruptedException {
        try (folders) {
            Crew.run("capture", readers, crew -> walk(crew, rootFd, root));
        } finally {
            // No thread is left.
            ahead.forEach(FolderAhead::drop);
        }
        count.end();
        return new CaptureSummary(startedAt, findings.count(), findings.named());
    }

    private void walk(Crew crew, int rootFd, Stat root) throws InterruptedException {
        var listing = new FolderReader.Listing(rootFd, root);
        enter(ItemPath.ROOT, listing);
        reader.open(listing, ItemPath.ROOT);
        while (!levels.isEmpty()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            var level = levels.element();
            var entry = next(crew, level);
            if (entry.isPresent()) {
                visit(crew, level, entry.get());
            } else {
                leave();
            }
        }
        handOutRest(crew);
    }

    private void enter(ItemPath path, FolderReader.Listing listing) {
        levels.push(new Level(folders.enter(path, listing.fd, listing.stat, _ -> {}), listing));
    }

    private void leave() throws InterruptedException {
        levels.pop();
        try {
            folders.leave();
        } catch (PosixException moved) {
            var above = levels.element();
            findings.add(above.folder.path(), "the folder was moved while it was read; what follows in it is missing");
            namesHeld -= above.entries.size() - above.next;
            above.entries = List.of();
            above.next = 0;
            above.listing.end();
        }
    }

    private Optional<FolderEntry> next(Crew crew, Level level) {
        if (level.next == level.entries.size()) {
            refill(level);
            openAhead(crew, level);
        }
        if (level.next == level.entries.size()) {
            return Optional.empty();
        }
        namesHeld--;
        return Optional.of(level.entries.get(level.next++));
    }

    private void refill(Level level) {
        int room = Math.clamp(NAMES_IN_ALL - namesHeld, NAMES_AT_LEAST, NAMES_AT_MOST);
        reader.list(level.listing, level.folder.path(), room);
        if (level.listing.ended()) {
            level.folder.mayBeClosed();
        }
        level.entries = level.listing.take();
        level.next = 0;
        level.sighted = 0;
        namesHeld += level.entries.size();
    }

    /** Has the next folders in this one opened by whoever has time, some at once. */
    private void openAhead(Crew crew, Level level) {
        while (level.sighted < level.entries.size()
                && level.ahead.size() < AHEAD_IN_A_FOLDER
                && ahead.size() < AHEAD_IN_ALL) {
            var entry = level.entries.get(level.sighted++);
            if (isFolder(entry)) {
                pathOf(level.folder, entry).ifPresent(path -> {
                    var opening = opening(level.folder, entry, path);
                    level.ahead.add(opening);
                    ahead.add(opening);
                    crew.handOn(_ -> opening.run());
                });
            }
        }
    }

    private FolderAhead opening(Folders.Folder parent, FolderEntry entry, ItemPath path) {
        return new FolderAhead(posix, parent, () -> reader.find(parent.fd(), entry.name(), path));
    }

    private static boolean isFolder(FolderEntry entry) {
        return entry.type().filter(type -> type == Stat.Type.FOLDER).isPresent();
    }

    private static Optional<ItemPath> pathOf(Folders.Folder folder, FolderEntry entry) {
        try {
            return Optional.of(folder.path().child(entry.name()));
        } catch (IllegalArgumentException tooLong) {
            return Optional.empty();
        }
    }

    private void visit(Crew crew, Level level, FolderEntry entry) throws InterruptedException {
        var path = pathOf(level.folder, entry);
        if (path.isEmpty()) {
            findings.add(level.folder.path(), "a name in the folder makes a path over 65535 bytes");
            return;
        }
        if (entry.type().isPresent() && !isFolder(entry)) {
            handOut(crew, new Entry(level.folder, entry.name(), path.get(), Optional.empty()));
            return;
        }
        var found = found(crew, level, entry, path.get());
        if (found.folder().isPresent()) {
            enter(path.get(), found.folder().get());
        } else if (found.other().isPresent()) {
            handOut(crew, new Entry(level.folder, entry.name(), path.get(), found.other()));
        }
    }

    private FolderReader.Found found(Crew crew, Level level, FolderEntry entry, ItemPath path)
            throws InterruptedException {
        if (!isFolder(entry)) {
            return reader.find(level.folder.fd(), entry.name(), path);
        }
        var opening = level.ahead.poll();
        level.sighted = Math.max(level.sighted, level.next);
        openAhead(crew, level);
        if (opening == null) {
            return reader.find(level.folder.fd(), entry.name(), path);
        }
        var found = opening.take();
        ahead.remove(opening);
        return found;
    }

    private void handOut(Crew crew, Entry entry) throws InterruptedException {
        entry.folder.hold();
        together.add(entry);
        if (together.size() == LOOKED_AT_TOGETHER) {
            handOutRest(crew);
        }
    }

    private void handOutRest(Crew crew) throws InterruptedException {
        if (!together.isEmpty()) {
            var entries = together;
            long turn = handedOut++;
            together = new ArrayList<>(LOOKED_AT_TOGETHER);
            crew.handOut(Crew.BYTES_AT_ONCE, buffer -> capture(crew, entries, turn, buffer));
        }
    }

    private void capture(Crew crew, List<Entry> entries, long turn, ByteBuffer buffer) throws InterruptedException {
        for (var entry : entries) {
            if (entry.stat.isEmpty()) {
                entry.stat = reader.look(entry.folder.fd(), entry.name, entry.path);
            }
        }
        links.inTurn(turn, () -> entries.forEach(this::sight));
        var own = new ArrayList<Entry>(entries.size());
        long bytes = 0;
        for (var entry : entries) {
            // Who waits for a file's first name must find it with a hand, so one with several names stays with this
            // one.
            if (bytes >= Crew.BYTES_AT_ONCE && entry.link.isEmpty()) {
                crew.handOn(handsBuffer -> capture(entry, handsBuffer));
            } else {
                own.add(entry);
                bytes += entry.stat.map(Stat::size).orElse(0L);
            }
        }
        for (var entry : own) {
            capture(entry, buffer);
        }
    }

    private void sight(Entry entry) {
        if (entry.stat.isEmpty()) {
            return;
        }
        var stat = entry.stat.get();
        if (stat.type() == Stat.Type.FILE && stat.links() > 1) {
            entry.link = links.sight(stat, entry.path);
            if (entry.link.isEmpty()) {
                findings.add(
                        entry.path, "kept as a file of its own: too many files with several names to follow at once");
            }
        }
    }

    private void capture(Entry entry, ByteBuffer buffer) throws InterruptedException {
        if (entry.stat.isPresent()) {
            int fd = entry.folder.fd();
            if (entry.stat.get().type() == Stat.Type.FOLDER) {
                findings.add(entry.path, "became a folder while the tree was read");
            } else if (entry.link.isPresent()) {
                capture.linked(fd, entry.name, entry.path, entry.stat.get(), entry.link.get(), buffer);
            } else {
                capture.entry(fd, entry.name, entry.path, entry.stat.get(), buffer);
            }
        }
        entry.folder.release();
    }
}
