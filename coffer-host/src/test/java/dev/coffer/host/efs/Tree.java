package dev.coffer.host.efs;

import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tree on disk whose names are bytes: makes things in it, and lists it byte by byte. Walks by itself, so that it does not share mistakes with what it tests. */
final class Tree {
    static final Stat.Time LONG_AGO = new Stat.Time(1_234_567_890L, 123_456_789);

    private final LinuxPosix posix = new LinuxPosix();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
    private final Path root;

    Tree(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Something done in an open folder. */
    interface Step {
        void run(int folder, byte[] name) throws IOException;
    }

    /** Runs a step in the folder that holds the path. */
    void in(byte[] path, Step step) throws IOException {
        var item = ItemPath.of(path);
        int fd = posix.openRoot(bytes(root.toString()));
        try {
            for (var name : item.parent().names()) {
                int next = posix.openFolder(fd, name);
                posix.close(fd);
                fd = next;
            }
            step.run(fd, item.name());
        } finally {
            posix.close(fd);
        }
    }

    Tree folder(String path) throws IOException {
        in(bytes(path), (fd, name) -> posix.makeFolder(fd, name, 0b111_101_101));
        return this;
    }

    Tree file(String path, String content) throws IOException {
        return file(bytes(path), bytes(content));
    }

    Tree file(byte[] path, byte[] content) throws IOException {
        in(path, (fd, name) -> {
            int file = posix.create(fd, name, 0b110_100_100);
            posix.write(file, direct(content), 0);
            posix.setModified(file, LONG_AGO);
            posix.close(file);
        });
        return this;
    }

    /** A file of a size with data at one place only. */
    Tree sparse(String path, long size, long at, byte[] data) throws IOException {
        in(bytes(path), (fd, name) -> {
            int file = posix.create(fd, name, 0b110_100_100);
            posix.write(file, direct(data), at);
            posix.truncate(file, size);
            posix.close(file);
        });
        return this;
    }

    Tree symlink(String path, byte[] target) throws IOException {
        in(bytes(path), (fd, name) -> posix.makeSymlink(fd, name, target));
        return this;
    }

    Tree link(String first, String second) throws IOException {
        in(bytes(first), (from, name) -> in(bytes(second), (to, newName) -> posix.link(from, name, to, newName)));
        return this;
    }

    Tree node(String path, Stat.Type type, long rdev) throws IOException {
        in(bytes(path), (fd, name) -> posix.makeNode(fd, name, type, rdev));
        return this;
    }

    /** A change of an inode by handle. */
    interface Change {
        void run(int fd) throws IOException;
    }

    Tree change(String path, Change change) throws IOException {
        in(bytes(path), (folder, name) -> {
            int fd = posix.openHandle(folder, name);
            try {
                change.run(fd);
            } finally {
                posix.close(fd);
            }
        });
        return this;
    }

    Tree mode(String path, int permissions) throws IOException {
        return change(path, fd -> posix.chmod(fd, permissions));
    }

    Tree modified(String path, Stat.Time time) throws IOException {
        return change(path, fd -> posix.setModified(fd, time));
    }

    Tree attribute(String path, String name, byte[] value) throws IOException {
        return change(path, fd -> posix.setAttribute(fd, bytes(name), value));
    }

    Stat stat(String path) throws IOException {
        var found = new ArrayList<Stat>();
        in(bytes(path), (fd, name) -> found.add(posix.statAt(fd, name)));
        return found.getFirst();
    }

    String text(String path) throws IOException {
        var content = new ArrayList<String>();
        in(bytes(path), (fd, name) -> {
            int file = posix.openToRead(fd, name);
            try {
                posix.read(file, buffer.clear(), 0);
                content.add(StandardCharsets.UTF_8.decode(buffer.flip()).toString());
            } finally {
                posix.close(file);
            }
        });
        return content.getFirst();
    }

    static ByteBuffer direct(byte[] content) {
        return ByteBuffer.allocateDirect(content.length).put(content).flip();
    }

    /** All that a backup has to keep of each entry, by its path in text. The root's own entry is {@code .}. */
    SortedMap<String, String> listing() throws IOException {
        var entries = new TreeMap<String, String>();
        int fd = posix.openRoot(bytes(root.toString()));
        try {
            var firstNames = new HashMap<Long, String>();
            list(fd, "", entries, firstNames);
            entries.put(".", describe(fd, bytes("."), posix.stat(fd), ".", firstNames));
        } finally {
            posix.close(fd);
        }
        return entries;
    }

    private void list(int folder, String prefix, Map<String, String> entries, Map<Long, String> firstNames)
            throws IOException {
        var names = new ArrayList<byte[]>();
        for (var some = posix.entries(folder); !some.isEmpty(); some = posix.entries(folder)) {
            some.forEach(entry -> names.add(entry.name()));
        }
        names.sort(Arrays::compareUnsigned);
        for (var name : names) {
            var path = prefix + "/" + ItemPath.ROOT.child(name).toString().substring(1);
            var stat = posix.statAt(folder, name);
            entries.put(path, describe(folder, name, stat, path, firstNames));
            if (stat.type() == Stat.Type.FOLDER) {
                int below = posix.openFolder(folder, name);
                try {
                    list(below, path, entries, firstNames);
                } finally {
                    posix.close(below);
                }
            }
        }
    }

    private String describe(int folder, byte[] name, Stat stat, String path, Map<Long, String> firstNames)
            throws IOException {
        var text = new StringBuilder()
                .append(stat.type())
                .append(' ')
                .append(Integer.toOctalString(stat.permissions()))
                .append(' ')
                .append(stat.uid())
                .append(':')
                .append(stat.gid())
                .append(' ')
                .append(stat.modified());
        switch (stat.type()) {
            case FILE -> text.append(' ').append(stat.size()).append(' ').append(digest(folder, name));
            case SYMLINK -> text.append(' ').append(HexFormat.of().formatHex(posix.readLink(folder, name)));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> text.append(' ').append(stat.rdev());
            case FOLDER, FIFO, SOCKET -> {}
        }
        if (stat.type() == Stat.Type.FILE && stat.links() > 1) {
            text.append(" same as ").append(firstNames.computeIfAbsent(stat.inode(), _ -> path));
        }
        var attributes = new TreeMap<String, String>();
        for (var attribute : posix.attributeNames(folder, name)) {
            attributes.put(
                    HexFormat.of().formatHex(attribute),
                    HexFormat.of().formatHex(posix.attribute(folder, name, attribute)));
        }
        return text.append(' ').append(attributes).toString();
    }

    private String digest(int folder, byte[] name) throws PosixException {
        int fd = posix.openToRead(folder, name);
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            long at = 0;
            for (int got = posix.read(fd, buffer.clear(), at); got > 0; got = posix.read(fd, buffer.clear(), at)) {
                at += got;
                digest.update(buffer.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        } finally {
            posix.close(fd);
        }
    }
}
