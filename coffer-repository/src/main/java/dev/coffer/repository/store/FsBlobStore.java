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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Blobs as files in a folder, each at the path that its key spells. A blob is written under a temporary name in the private folder {@code .tmp}, synced, linked to its name without replacing
 * anything, and its folder is synced; the folders above it are synced into theirs before this store relies on them for the first time, whoever made them. Files have mode 0600, folders 0700. The file system must have hard links, and allow names as long as the segments of keys. A key cannot be stored
 * beneath another blob's key ({@code a/b} beside {@code a}). Symbolic links beneath the folder are not followed, and files whose names are not keys are not shown. A sync that failed is never tried again on the same file: the file is thrown away.
 * What a listing has shown is on the disk before a later create or delete of the same store ends, so that a blob is never without those that it refers to.
 */
public final class FsBlobStore implements BlobStore {
    private static final String TEMPORARY = ".tmp";
    private static final Duration LEFTOVERS_KEPT = Duration.ofDays(1);
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final Path temporary;
    private final RandomGenerator random;
    /** Folders whose names are on the disk. One that is merely there may be of another process that has yet to sync it, or of an attempt whose sync failed. */
    private final Set<Path> synced = ConcurrentHashMap.newKeySet();
    /** Folders that a listing has shown since they were last synced, each with a sum of the names in it. */
    private final Map<Path, Long> shown = new ConcurrentHashMap<>();
    /** Of folders that were synced after they had been shown, the sum of the names then. */
    private final Map<Path, Long> settled = new ConcurrentHashMap<>();

    private final boolean writable;

    /**
     * A store in the folder, which is made with the first blob. Temporary files that were last written a day before this process began are removed: what wrote them has ended.
     *
     * @param random names temporary files, so that processes that share the folder do not meet
     */
    public FsBlobStore(Path folder, RandomGenerator random) {
        this(folder, random, true);
        ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> start.minus(LEFTOVERS_KEPT))
                .ifPresent(this::removeOlderThan);
    }

    private FsBlobStore(Path folder, RandomGenerator random, boolean writable) {
        this.random = random;
        this.writable = writable;
        this.folder = folder.toAbsolutePath().normalize();
        this.temporary = this.folder.resolve(TEMPORARY);
    }

    /** The store in the folder, to read from: nothing is ever changed, and what would change something is Denied. */
    public static FsBlobStore readOnly(Path folder) {
        return new FsBlobStore(folder, RandomGenerator.of("L64X128MixRandom"), false);
    }

    private void mustBeWritable(BlobKey key) {
        if (!writable) {
            throw new StoreException.Denied(
                    "blob " + key + " cannot be changed: the folder " + folder + " was opened to read from it",
                    new AccessDeniedException(folder.toString()));
        }
    }

    private void removeOlderThan(Instant start) {
        if (!Files.isDirectory(temporary, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> leftovers;
        try {
            leftovers = children(temporary);
        } catch (StoreException unreadable) {
            // Blobs can be read without it; whoever writes one will hear of it.
            return;
        }
        for (var file : leftovers) {
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

    /** What is at the path; empty if nothing is, or nothing can be. That it cannot be told is a failure, and not absence. */
    private static Optional<BasicFileAttributes> at(Path path, LinkOption... options) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (FileSystemException failure) {
            var reason = cause(failure);
            if (reason.equals("Not a directory") || reason.equals("File name too long")) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** What stands where a folder above the file should be, between it and the store's folder: a file, or a link that may lead out of the store. */
    private Optional<Path> obstacle(Path file) throws IOException {
        var path = folder;
        for (var part : folder.relativize(parent(file))) {
            path = path.resolve(part);
            var found = at(path, LinkOption.NOFOLLOW_LINKS);
            if (found.isPresent() && !found.get().isDirectory()) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private boolean holds(Path file) throws IOException {
        return obstacle(file).isEmpty()
                && at(file, LinkOption.NOFOLLOW_LINKS)
                        .filter(BasicFileAttributes::isRegularFile)
                        .isPresent();
    }

    /** What to throw when something has the place of a blob that is to be made. */
    private StoreException taken(BlobKey key, Path target) throws IOException {
        if (!holds(target)) {
            var what = obstacle(target).orElse(target);
            return new StoreException.Denied(
                    "blob " + key + " cannot be written: " + what + " is in its way, which is no blob of this key",
                    new FileAlreadyExistsException(what.toString()));
        }
        // Its creator may not have come to this yet, and the caller relies on the blob from now on.
        settleShown();
        makeFolder(parent(target));
        sync(parent(target));
        return new StoreException.AlreadyExists(key);
    }

    @Override
    public void create(BlobKey key, Payload payload) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        mustBeWritable(key);
        var target = file(key);
        var name = temporary.resolve(
                HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong()));
        try {
            if (at(target, LinkOption.NOFOLLOW_LINKS).isPresent()
                    || obstacle(target).isPresent()) {
                throw taken(key, target);
            }
            makeFolder(temporary);
            try {
                write(key, name, payload);
                settleShown();
                makeFolder(parent(target));
                Files.createLink(target, name);
            } catch (FileAlreadyExistsException first) {
                throw taken(key, target);
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
        try (var in = payload.open();
                var out = FileChannel.open(
                        name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE)) {
            long written = FileFiller.fill(name, out, in, payload.size());
            if (written != payload.size()) {
                throw new IOException(
                        "the payload of " + key + " yielded " + written + " bytes, not " + payload.size());
            }
            out.force(true);
        }
    }

    private void makeFolder(Path path) throws IOException {
        var above = Optional.ofNullable(path.getParent());
        if (above.isEmpty() || (synced.contains(path) && isFolder(path))) {
            return;
        }
        makeFolder(above.get());
        boolean stood = isFolder(path);
        if (!stood) {
            try {
                Files.createDirectory(path, FOLDER_MODE);
            } catch (FileAlreadyExistsException another) {
                if (!isFolder(path)) {
                    throw new IOException(path + " is not a folder", another);
                }
            }
        }
        try {
            sync(above.get());
        } catch (IOException failure) {
            if (!stood || path.startsWith(folder) || !cannotBeSynced(failure)) {
                throw failure;
            }
        }
        synced.add(path);
    }

    /** Whether it is a folder of the operator, far above, that this process may not read or that lies on a medium which nobody writes. */
    private static boolean cannotBeSynced(IOException failure) {
        return failure instanceof AccessDeniedException || cause(failure).equals("Invalid argument");
    }

    /**
     * Syncs what listings have shown and nobody here has synced. A blob that can be seen may be of a create that failed or that still runs, and what is created from now on may refer to it. Readers
     * do not wait for this, and do not need a file system that can be written to.
     */
    private void settleShown() throws IOException {
        for (var one : Map.copyOf(shown).entrySet()) {
            try {
                sync(one.getKey());
            } catch (NoSuchFileException removed) {
                // So are the blobs that were in it.
            }
            settled.put(one.getKey(), one.getValue());
            shown.remove(one.getKey(), one.getValue());
        }
    }

    /** Notes that blobs of the folder are known from here on. */
    private void remember(Path directory, List<Path> children) {
        long sum = children.size();
        for (var child : children) {
            long name = child.toString().hashCode() * 0x9e3779b97f4a7c15L;
            sum += name ^ (name >>> 32);
        }
        if (!Objects.equals(settled.get(directory), sum)) {
            shown.put(directory, sum);
        }
    }

    private boolean isFolder(Path path) throws IOException {
        // The store's folder itself, and those above, may be reached by links: that is the operator's choice.
        var found = folder.startsWith(path) ? at(path) : at(path, LinkOption.NOFOLLOW_LINKS);
        return found.filter(BasicFileAttributes::isDirectory).isPresent();
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
            if (!holds(file)) {
                throw new StoreException.NotFound(key);
            }
            var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            boolean opened = false;
            try {
                long size = channel.size();
                if (range.end() > size) {
                    throw new StoreException.OutOfRange(key, range, size);
                }
                opened = true;
                return new ChannelRange(channel, range);
            } finally {
                if (!opened) {
                    channel.close();
                }
            }
        } catch (NoSuchFileException | NotDirectoryException absent) {
            throw new StoreException.NotFound(key);
        } catch (ClosedByInterruptException stop) {
            throw interrupted(stop);
        } catch (IOException failure) {
            throw failed("blob " + key + " cannot be opened", failure);
        }
    }

    @Override
    public OptionalLong size(BlobKey key) {
        var file = file(key);
        try {
            return holds(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
        } catch (NoSuchFileException | NotDirectoryException absent) {
            return OptionalLong.empty();
        } catch (IOException failure) {
            throw failed("blob " + key + " cannot be looked at", failure);
        }
    }

    @Override
    public void list(String prefix, Predicate<BlobInfo> visit) {
        int slash = prefix.lastIndexOf('/');
        var base = slash < 0 ? "" : prefix.substring(0, slash + 1);
        if (base.isEmpty()) {
            show(folder, base, prefix, visit);
            return;
        }
        var above = key(base.substring(0, base.length() - 1)).map(this::file);
        if (above.isPresent() && isReachable(above.get())) {
            show(above.get(), base, prefix, visit);
        }
    }

    private boolean isReachable(Path directory) {
        try {
            return obstacle(directory.resolve(TEMPORARY)).isEmpty();
        } catch (IOException failure) {
            throw failed("folder " + directory + " cannot be listed", failure);
        }
    }

    /** The key that is spelled so; empty if no key is. */
    private static Optional<BlobKey> key(String spelled) {
        try {
            return Optional.of(new BlobKey(spelled));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private boolean show(Path directory, String base, String prefix, Predicate<BlobInfo> visit) {
        record Child(String order, BlobKey key, Path path, BasicFileAttributes attributes) {}
        var found = new ArrayList<Child>();
        var children = children(directory);
        remember(directory, children);
        for (var path : children) {
            var name = base + path.getFileName();
            // Names that are no keys are temporary files, or what others have left here, such as lost+found.
            var key = key(name);
            if (key.isEmpty() || !(name.startsWith(prefix) || prefix.startsWith(name + "/"))) {
                continue;
            }
            try {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isDirectory()) {
                    found.add(new Child(name + "/", key.get(), path, attributes));
                } else if (attributes.isRegularFile()) {
                    found.add(new Child(name, key.get(), path, attributes));
                }
            } catch (NoSuchFileException deleted) {
                // It is no more, as if it had never been shown.
            } catch (IOException failure) {
                throw failed("folder " + directory + " cannot be listed", failure);
            }
        }
        // A folder sorts as its name with a slash, so that the keys in it come in their place.
        found.sort((one, other) -> one.order.compareTo(other.order));
        for (var child : found) {
            boolean more = child.attributes.isDirectory()
                    ? show(child.path, child.order, prefix, visit)
                    : visit.test(new BlobInfo(child.key, child.attributes.size()));
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
        mustBeWritable(key);
        var file = file(key);
        try {
            // What is deleted may lie elsewhere too, where it is only seen so far.
            settleShown();
            if (holds(file)) {
                Files.deleteIfExists(file);
            }
            // Also if it is gone already: it may have been deleted by a call whose sync failed.
            if (obstacle(file).isEmpty() && isFolder(parent(file))) {
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
        // The second is what a file or folder that is marked as immutable answers.
        if (failure instanceof AccessDeniedException || cause(failure).equals("Operation not permitted")) {
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
