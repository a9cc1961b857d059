package dev.coffer.testkit.fs;

import dev.coffer.testkit.fs.Effect.Entered;
import dev.coffer.testkit.fs.Effect.FileForced;
import dev.coffer.testkit.fs.Effect.FolderForced;
import dev.coffer.testkit.fs.Effect.ForceFailed;
import dev.coffer.testkit.fs.Effect.Removed;
import dev.coffer.testkit.fs.Effect.Renamed;
import dev.coffer.testkit.fs.Effect.Resized;
import dev.coffer.testkit.fs.Effect.Written;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** The files as running processes see them, and the log of what happened to them. One lock guards all. */
final class FileTree {
    private static final int NAME_AT_MOST = 255;
    static final long ROOT = 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final InstantSource clock;
    private final Node.Folder root;
    private final Map<Long, Node> nodes = new HashMap<>();
    private final List<Effect> effects = new ArrayList<>();
    private final Faults faults = new Faults();
    private Optional<RandomGenerator> shortWrites = Optional.empty();
    private Disk disk;
    private int replayed;
    private long lastId = ROOT;

    /** What an open file or folder needs to know. */
    record Opened(Node node, CrashPath path) {}

    FileTree(InstantSource clock) {
        this.clock = clock;
        this.root = new Node.Folder(ROOT, permissions(true), clock.instant());
        nodes.put(ROOT, root);
        this.disk = new Disk(root);
    }

    private FileTree(InstantSource clock, Disk.Image image, Map<Long, Node> before) {
        this(clock);
        fill(root, image, before);
        this.disk = new Disk(root);
    }

    private void fill(Node.Folder folder, Disk.Image image, Map<Long, Node> before) {
        image.folders().getOrDefault(folder.id, new TreeMap<>()).forEach((name, id) -> {
            var known = Optional.ofNullable(nodes.get(id));
            if (known.isPresent()) {
                folder.entries.put(name, known.get());
                return;
            }
            var old = Optional.ofNullable(before.get(id)).orElseThrow();
            lastId = Math.max(lastId, id);
            switch (old) {
                case Node.File file -> {
                    var copy = new Node.File(id, file.permissions, file.modified);
                    // A file without an effect has no content.
                    copy.write(0, image.files().getOrDefault(id, new byte[0]));
                    nodes.put(id, copy);
                    folder.entries.put(name, copy);
                }
                case Node.Folder inner -> {
                    var copy = new Node.Folder(id, inner.permissions, inner.modified);
                    nodes.put(id, copy);
                    folder.entries.put(name, copy);
                    fill(copy, image, before);
                }
            }
        });
    }

    static Set<PosixFilePermission> permissions(boolean executable) {
        return java.nio.file.attribute.PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--");
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T locked(Work<T> work) throws IOException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    void arm(long operation, Errno errno, boolean lasting) {
        lock.lock();
        try {
            faults.arm(operation, errno, lasting);
        } finally {
            lock.unlock();
        }
    }

    void heal() {
        lock.lock();
        try {
            faults.heal();
        } finally {
            lock.unlock();
        }
    }

    long struck() {
        lock.lock();
        try {
            return faults.struck();
        } finally {
            lock.unlock();
        }
    }

    long met() {
        lock.lock();
        try {
            return faults.met();
        } finally {
            lock.unlock();
        }
    }

    void shortWrites(RandomGenerator random) {
        lock.lock();
        try {
            shortWrites = Optional.of(random);
        } finally {
            lock.unlock();
        }
    }

    int effects() {
        lock.lock();
        try {
            return effects.size();
        } finally {
            lock.unlock();
        }
    }

    String effect(int number) {
        lock.lock();
        try {
            return number == 0 ? "nothing yet" : effects.get(number - 1).toString();
        } finally {
            lock.unlock();
        }
    }

    /** The same files, all of them on the disk. */
    FileTree settled() {
        lock.lock();
        try {
            var contents = new HashMap<Long, byte[]>();
            var folders = new HashMap<Long, Map<String, Long>>();
            for (var node : nodes.values()) {
                switch (node) {
                    case Node.File file -> contents.put(file.id, file.content());
                    case Node.Folder folder -> {
                        var entries = new TreeMap<String, Long>();
                        folder.entries.forEach((name, child) -> entries.put(name, child.id));
                        folders.put(folder.id, entries);
                    }
                }
            }
            return new FileTree(clock, new Disk.Image(contents, folders), nodes);
        } finally {
            lock.unlock();
        }
    }

    List<FileTree> images(int after, int most, RandomGenerator random) {
        lock.lock();
        try {
            if (after < replayed) {
                throw new IllegalArgumentException("images are made from the first effect to the last");
            }
            for (; replayed < after; replayed++) {
                disk.apply(effects.get(replayed));
            }
            return disk.images(most, random).stream()
                    .map(image -> new FileTree(clock, image, nodes))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private void meet(Operation operation, CrashPath path) throws IOException {
        var errno = faults.meet(operation);
        if (errno.isPresent()) {
            throw new FileSystemException(path.toString(), null, errno.get().words());
        }
    }

    /** As {@link #meet}, for an open file: the JDK does not name it then. */
    private void meetOpen(Operation operation) throws IOException {
        var errno = faults.meet(operation);
        if (errno.isPresent()) {
            throw new IOException(errno.get().words());
        }
    }

    private Optional<Node> find(CrashPath path) throws FileSystemException {
        Node node = root;
        for (var name : path.absoluteNames()) {
            switch (node) {
                case Node.File _ -> throw new FileSystemException(path.toString(), null, "Not a directory");
                case Node.Folder folder -> {
                    var next = Optional.ofNullable(folder.entries.get(name));
                    if (next.isEmpty()) {
                        return Optional.empty();
                    }
                    node = next.get();
                }
            }
        }
        return Optional.of(node);
    }

    private Node existing(CrashPath path) throws FileSystemException {
        return find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    private Node.Folder folderOf(CrashPath path) throws FileSystemException {
        var above = path.above()
                .orElseThrow(() -> new FileSystemException(path.toString(), null, "Device or resource busy"));
        return switch (find(above).orElseThrow(() -> new NoSuchFileException(path.toString()))) {
            case Node.Folder folder -> folder;
            case Node.File _ -> throw new FileSystemException(path.toString(), null, "Not a directory");
        };
    }

    private void mustBeFree(CrashPath path) throws FileSystemException {
        if (find(path).isPresent()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (path.name().length() > NAME_AT_MOST) {
            throw new FileSystemException(path.toString(), null, "File name too long");
        }
    }

    private void enter(CrashPath path, Node node) throws FileSystemException {
        var folder = folderOf(path);
        folder.entries.put(path.name(), node);
        folder.modified = clock.instant();
        nodes.put(node.id, node);
        effects.add(new Entered(folder.id, path.name(), node.id));
    }

    Opened open(CrashPath path) throws IOException {
        return locked(() -> {
            meet(Operation.OPEN, path);
            return new Opened(existing(path), path);
        });
    }

    /** Opens a file for writing, made if the options say so. */
    Opened openToWrite(CrashPath path, boolean create, boolean mustBeNew, boolean cut, Set<PosixFilePermission> mode)
            throws IOException {
        return locked(() -> {
            var found = find(path);
            if (found.isEmpty() && create) {
                folderOf(path);
                mustBeFree(path);
                meet(Operation.CREATE, path);
                lastId++;
                var file = new Node.File(lastId, mode, clock.instant());
                enter(path, file);
                return new Opened(file, path);
            }
            if (found.isPresent() && mustBeNew) {
                throw new FileAlreadyExistsException(path.toString());
            }
            meet(Operation.OPEN, path);
            return switch (existing(path)) {
                case Node.Folder _ -> throw new FileSystemException(path.toString(), null, "Is a directory");
                case Node.File file -> {
                    if (cut) {
                        cut(file, 0);
                    }
                    yield new Opened(file, path);
                }
            };
        });
    }

    void makeFolder(CrashPath path, Set<PosixFilePermission> mode) throws IOException {
        locked(() -> {
            mustBeFree(path);
            folderOf(path);
            meet(Operation.MAKE_FOLDER, path);
            lastId++;
            enter(path, new Node.Folder(lastId, mode, clock.instant()));
            return path;
        });
    }

    void link(CrashPath link, CrashPath file) throws IOException {
        locked(() -> {
            var node = existing(file);
            folderOf(link);
            mustBeFree(link);
            meet(Operation.LINK, link);
            if (node instanceof Node.Folder) {
                throw new FileSystemException(link.toString(), file.toString(), "Operation not permitted");
            }
            enter(link, node);
            return link;
        });
    }

    void remove(CrashPath path) throws IOException {
        locked(() -> {
            var node = existing(path);
            var folder = folderOf(path);
            meet(Operation.UNLINK, path);
            if (node instanceof Node.Folder full && !full.entries.isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            folder.entries.remove(path.name());
            folder.modified = clock.instant();
            effects.add(new Removed(folder.id, path.name()));
            return path;
        });
    }

    void rename(CrashPath source, CrashPath target) throws IOException {
        locked(() -> {
            var node = existing(source);
            var from = folderOf(source);
            var to = folderOf(target);
            meet(Operation.RENAME, source);
            var replaced = find(target);
            if (node instanceof Node.Folder || (replaced.isPresent() && replaced.get() instanceof Node.Folder)) {
                throw new UnsupportedOperationException("folders are not renamed here");
            }
            from.entries.remove(source.name());
            to.entries.put(target.name(), node);
            effects.add(new Renamed(from.id, source.name(), to.id, target.name(), node.id));
            return target;
        });
    }

    List<CrashPath> children(CrashPath path) throws IOException {
        return locked(() -> {
            meet(Operation.LIST, path);
            return switch (existing(path)) {
                case Node.File _ -> throw new NotDirectoryException(path.toString());
                case Node.Folder folder ->
                    folder.entries.keySet().stream().map(path::child).toList();
            };
        });
    }

    NodeAttributes attributes(CrashPath path) throws IOException {
        return locked(() -> {
            meet(Operation.ATTRIBUTES, path);
            var node = existing(path);
            return switch (node) {
                case Node.File file -> new NodeAttributes(file.id, false, file.size(), file.modified, file.permissions);
                case Node.Folder folder ->
                    new NodeAttributes(folder.id, true, 4096, folder.modified, folder.permissions);
            };
        });
    }

    private static Node.File file(Opened opened) throws IOException {
        return switch (opened.node()) {
            case Node.File file -> file;
            case Node.Folder _ -> throw new IOException("Is a directory");
        };
    }

    int size(Opened opened) throws IOException {
        return locked(() -> opened.node() instanceof Node.File file ? file.size() : 4096);
    }

    /** At most so many bytes; none at the end. */
    byte[] read(Opened opened, int offset, int most) throws IOException {
        return locked(() -> {
            meetOpen(Operation.READ);
            return file(opened).read(offset, most);
        });
    }

    /** Where the written bytes begin, and how many there are. */
    record Extent(int offset, int length) {}

    /** Writes the bytes or, with short writes, some of them; at the end of the file if there is no offset. */
    Extent write(Opened opened, Optional<Integer> offset, ByteBuffer bytes) throws IOException {
        return locked(() -> {
            meetOpen(Operation.WRITE);
            var file = file(opened);
            int count = bytes.remaining();
            if (shortWrites.isPresent() && count > 1) {
                count = 1 + shortWrites.get().nextInt(count);
            }
            var written = new byte[count];
            bytes.get(written);
            int at = offset.orElseGet(file::size);
            file.write(at, written);
            file.modified = clock.instant();
            effects.add(new Written(file.id, at, ByteBuffer.wrap(written).asReadOnlyBuffer()));
            return new Extent(at, count);
        });
    }

    private void cut(Node.File file, int size) {
        if (size < file.size()) {
            file.cut(size);
            file.modified = clock.instant();
            effects.add(new Resized(file.id, size));
        }
    }

    void cut(Opened opened, int size) throws IOException {
        locked(() -> {
            meetOpen(Operation.TRUNCATE);
            cut(file(opened), size);
            return size;
        });
    }

    void force(Opened opened) throws IOException {
        locked(() -> {
            switch (opened.node()) {
                case Node.Folder folder -> {
                    meetOpen(Operation.FORCE_FOLDER);
                    effects.add(new FolderForced(folder.id));
                }
                case Node.File file -> {
                    try {
                        meetOpen(Operation.FORCE);
                    } catch (IOException failed) {
                        effects.add(new ForceFailed(file.id));
                        throw failed;
                    }
                    effects.add(new FileForced(file.id));
                }
            }
            return opened;
        });
    }
}
