package dev.coffer.repository.store;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Blobs as files in a folder, each at the path that its key spells. A blob is written under a temporary name in the private folder {@code .tmp}, synced, linked to its name without replacing
 * anything, and its folder is synced; a new folder is synced into its parent. Files have mode 0600, folders 0700. The file system must have hard links. A sync that failed is never tried again on the same file: the file is thrown away.
 */
public final class FsBlobStore implements BlobStore {
    private static final String TEMPORARY = ".tmp";
    private static final int BUFFER = 1 << 20;
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final Path temporary;

    /** A store in the folder, which is made with the first blob. Temporary files that are older than this process are removed: what wrote them has ended. */
    public FsBlobStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        this.temporary = this.folder.resolve(TEMPORARY);
        ProcessHandle.current().info().startInstant().ifPresent(this::removeOlderThan);
    }

    private void removeOlderThan(Instant start) {
        for (var file : children(temporary)) {
            try {
                if (Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(start)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException stays) {
                // A leftover is invisible and costs only its space; the next start tries again.
            }
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.CONDITIONAL_CREATE);
    }

    private Path file(BlobKey key) {
        return folder.resolve(key.value());
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var target = file(key);
        var name = temporary.resolve(UUID.randomUUID().toString());
        try {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                sync(parent(target));
                throw new StoreException.AlreadyExists(key);
            }
            makeFolder(temporary);
            try {
                write(key, name, payload);
                makeFolder(parent(target));
                Files.createLink(target, name);
            } catch (FileAlreadyExistsException taken) {
                // Its creator may not have come to this yet, and the caller relies on the blob from now on.
                sync(parent(target));
                throw new StoreException.AlreadyExists(key);
            } finally {
                Files.deleteIfExists(name);
            }
            sync(parent(target));
        } catch (ClosedByInterruptException stop) {
            throw interrupted(stop);
        } catch (UnsupportedOperationException noLinks) {
            throw new StoreException.Unavailable("the file system of " + folder + " has no hard links", noLinks);
        } catch (IOException failure) {
            throw failed("blob " + key + " cannot be written", failure);
        }
    }

    private static void write(BlobKey key, Path name, Payload payload) throws IOException {
        long written = 0;
        try (var in = payload.open();
                var out = FileChannel.open(
                        name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
            var buffer = new byte[(int) Math.max(1, Math.min(BUFFER, payload.size()))];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                var bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                written += count;
            }
            if (written != payload.size()) {
                throw new IOException(
                        "the payload of " + key + " yielded " + written + " bytes, not " + payload.size());
            }
            out.force(true);
        }
    }

    private void makeFolder(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        var parent = parent(path);
        makeFolder(parent);
        try {
            Files.createDirectory(path, FOLDER_MODE);
        } catch (FileAlreadyExistsException another) {
            if (!Files.isDirectory(path)) {
                throw another;
            }
        }
        sync(parent);
    }

    private static Path parent(Path path) {
        return Optional.ofNullable(path.getParent()).orElseThrow(() -> new IllegalStateException("no folder above"));
    }

    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream open(BlobKey key, ByteRange range) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            var file = file(key);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new StoreException.NotFound(key);
            }
            var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ));
            long size = channel.size();
            if (range.end() > size) {
                channel.close();
                throw new StoreException.OutOfRange(key, range, size);
            }
            return new ChannelRange(channel, range);
        } catch (NoSuchFileException | NotDirectoryException absent) {
            throw new StoreException.NotFound(key);
        } catch (ClosedByInterruptException stop) {
            throw interrupted(stop);
        } catch (IOException failure) {
            throw failed("blob " + key + " cannot be opened", failure);
        }
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) {
        int slash = prefix.lastIndexOf('/');
        var base = slash < 0 ? "" : prefix.substring(0, slash + 1);
        if (!base.isEmpty()) {
            try {
                new BlobKey(base.substring(0, base.length() - 1));
            } catch (IllegalArgumentException impossible) {
                return;
            }
        }
        show(base.isEmpty() ? folder : folder.resolve(base), base, prefix, visit);
    }

    private boolean show(Path directory, String base, String prefix, Predicate<BlobInfo> visit) {
        record Child(String key, Path path, BasicFileAttributes attributes) {}
        var found = new ArrayList<Child>();
        for (var path : children(directory)) {
            var name = String.valueOf(path.getFileName());
            var key = base + name;
            if (name.startsWith(".") || !(key.startsWith(prefix) || prefix.startsWith(key + "/"))) {
                continue;
            }
            try {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isDirectory()) {
                    found.add(new Child(key + "/", path, attributes));
                } else if (attributes.isRegularFile()) {
                    found.add(new Child(key, path, attributes));
                }
            } catch (NoSuchFileException deleted) {
                // It is no more, as if it had never been shown.
            } catch (IOException failure) {
                throw failed("folder " + directory + " cannot be listed", failure);
            }
        }
        // A folder sorts as its name with a slash, so that the keys in it come in their place.
        found.sort((one, other) -> one.key.compareTo(other.key));
        for (var child : found) {
            boolean more = child.attributes.isDirectory()
                    ? show(child.path, child.key, prefix, visit)
                    : visit.test(new BlobInfo(new BlobKey(child.key), child.attributes.size()));
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException failure) {
            throw failed("folder " + directory + " cannot be listed", failure);
        } catch (java.io.UncheckedIOException failure) {
            throw failed("folder " + directory + " cannot be listed", new IOException(failure));
        }
    }

    @Override
    public void retain(BlobKey key, Instant until) {
        throw new StoreException.Unsupported(Capability.RETENTION);
    }

    @Override
    public void delete(BlobKey key) {
        var file = file(key);
        try {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.deleteIfExists(file)) {
                sync(parent(file));
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            // Somebody removed the folder too: the blob is gone all the same.
        } catch (IOException failure) {
            throw failed("blob " + key + " cannot be deleted", failure);
        }
    }

    private static InterruptedException interrupted(Exception cause) {
        // The channel leaves the flag set; the exception takes its place.
        Thread.interrupted();
        var stop = new InterruptedException();
        stop.initCause(cause);
        return stop;
    }

    private static StoreException failed(String what, IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return new StoreException.Denied(what + ": permission denied", failure);
        }
        return new StoreException.Unavailable(what + ": " + cause(failure), failure);
    }

    private static String cause(IOException failure) {
        var reason = failure instanceof FileSystemException named
                ? Optional.ofNullable(named.getReason())
                        .orElse(failure.getClass().getSimpleName())
                : String.valueOf(failure.getMessage());
        var text = reason.toLowerCase(Locale.ROOT);
        if (text.contains("no space left")) {
            return "storage full";
        }
        if (text.contains("quota exceeded")) {
            return "storage full: the quota is used up";
        }
        if (text.contains("read-only file system")) {
            return "the file system is read-only";
        }
        return reason;
    }

    @Override
    public String toString() {
        return "FsBlobStore " + folder;
    }
}
