package dev.coffer.testkit.fs;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The door of {@link java.nio.file.Files} to one tree. It knows no links by name, no access rights and no copying. */
final class CrashProvider extends FileSystemProvider {
    static final String SCHEME = "crash";
    private static final Set<OpenOption> KNOWN = Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND,
            StandardOpenOption.CREATE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);

    private final FileTree tree;

    CrashProvider(FileTree tree) {
        this.tree = tree;
    }

    private static UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(what + " is not known here");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw unsupported("a file system by its URI");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw unsupported("a file system by its URI");
    }

    @Override
    public Path getPath(URI uri) {
        throw unsupported("a file by its URI");
    }

    @SuppressWarnings("unchecked")
    private static Set<PosixFilePermission> mode(FileAttribute<?>[] attributes, boolean folder) {
        var mode = FileTree.permissions(folder);
        for (var attribute : attributes) {
            if (!attribute.name().equals("posix:permissions")) {
                throw unsupported(attribute.name());
            }
            mode = Set.copyOf((Set<PosixFilePermission>) attribute.value());
        }
        return mode;
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        var unknown = new HashSet<OpenOption>(options);
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw unsupported(unknown.toString());
        }
        var file = CrashPath.of(path);
        boolean appends = options.contains(StandardOpenOption.APPEND);
        if (!appends && !options.contains(StandardOpenOption.WRITE)) {
            return new CrashChannel(tree, tree.open(file), true, false, false);
        }
        boolean isNew = options.contains(StandardOpenOption.CREATE_NEW);
        var opened = tree.openToWrite(
                file,
                isNew || options.contains(StandardOpenOption.CREATE),
                isNew,
                options.contains(StandardOpenOption.TRUNCATE_EXISTING),
                mode(attributes, false));
        return new CrashChannel(tree, opened, options.contains(StandardOpenOption.READ), true, appends);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    /** The entries at the moment at which it was opened. */
    private record Listing(List<Path> paths) implements DirectoryStream<Path> {
        @Override
        public Iterator<Path> iterator() {
            return paths.iterator();
        }

        @Override
        public void close() {}
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        var paths = new ArrayList<Path>();
        for (var path : tree.children(CrashPath.of(directory))) {
            try {
                if (filter.accept(path)) {
                    paths.add(path);
                }
            } catch (IOException failure) {
                throw new DirectoryIteratorException(failure);
            }
        }
        return new Listing(paths);
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        tree.makeFolder(CrashPath.of(directory), mode(attributes, true));
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        tree.link(CrashPath.of(link), CrashPath.of(existing));
    }

    @Override
    public void delete(Path path) throws IOException {
        tree.remove(CrashPath.of(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw unsupported("a copy");
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        if (!Set.of(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw unsupported("a move that is not atomic");
        }
        tree.rename(CrashPath.of(source), CrashPath.of(target));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return tree.attributes(CrashPath.of(one)).id()
                == tree.attributes(CrashPath.of(other)).id();
    }

    @Override
    public boolean isHidden(Path path) {
        return CrashPath.of(path).name().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw unsupported("a file store");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        var _ = tree.attributes(CrashPath.of(path));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (!type.isAssignableFrom(NodeAttributes.class)) {
            throw unsupported(type.getSimpleName());
        }
        return type.cast(tree.attributes(CrashPath.of(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw unsupported("an attribute by its name");
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw unsupported("a change of attributes");
    }
}
