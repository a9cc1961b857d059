package dev.coffer.testkit.fs;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A file system in memory that shows what a power cut may leave of it. It behaves as one of Linux: files with hard links and modes, atomic renames, folders that are opened and forced; it has no symbolic links, no mapping and
 * no locks. It logs what each operation did, its <em>effects</em>; after any of them, {@link #images} gives file systems that a machine may find when it starts again.
 *
 * <p>What is certain to be found: the bytes and the size that a file had when it was last forced, and the entries that a folder had when it was last forced. Of what came later, anything may be
 * found: each sector of {@value FileOnDisk#SECTOR} bytes as it was at any moment since, each size since (bytes that are not there are zeros), and of entries that were made, removed or renamed
 * each or none. A folder whose own entry is not found is lost with all that is in it. A force of a file that failed leaves it uncertain which of the bytes before it are on the disk, and a
 * later one that succeeds does not change that: the pages count as clean, and the process reads its bytes all the same. A force of a folder that failed may be repeated.
 *
 * <p>A crash test runs its work once, notes {@link #effects} whenever something was promised, and looks afterwards at the images of every number of effects. Images of equal numbers and seeds are
 * equal. Safe for many threads: the effects of several are logged in the order in which they happened.
 */
public final class CrashFileSystem extends FileSystem {
    private final FileTree tree;
    private final CrashProvider provider;
    private final String name;

    private CrashFileSystem(FileTree tree, String name) {
        this.tree = tree;
        this.provider = new CrashProvider(tree);
        this.name = name;
    }

    /**
     * An empty file system.
     *
     * @param clock the times of files; that of an image is the same one
     */
    public CrashFileSystem(InstantSource clock) {
        this(new FileTree(clock), "a file system before its crash");
    }

    FileTree tree() {
        return tree;
    }

    /** The folder that holds all others. */
    public Path root() {
        return getPath("/");
    }

    /** How many effects there have been. An operation that failed or only looked has none, but for a force that failed. */
    public int effects() {
        return tree.effects();
    }

    /** In words, the effect of this number; the first is 1. */
    public String effect(int number) {
        return tree.effect(number);
    }

    /**
     * What may be found after a crash that comes when there have been so many effects: every possible image if they are no more than {@code most}, otherwise as many of them, among which are that without
     * anything uncertain and that with everything. The images say in {@link #toString} where they come from, with the seed. One call after the other must name equal or growing numbers of effects.
     *
     * @param most at least 2
     */
    public Stream<CrashFileSystem> images(int effects, int most, long seed) {
        if (most < 2) {
            throw new IllegalArgumentException("there are two images at least");
        }
        var found = tree.images(effects, most, new SplittableRandom(seed * 31 + effects));
        var last = effect(effects);
        return IntStream.range(0, found.size())
                .mapToObj(image -> new CrashFileSystem(
                        found.get(image),
                        "image " + image + " after effect " + effects + " of " + effects() + " (" + last + "), at most "
                                + most + ", seed " + seed));
    }

    /** What may be found if the crash comes now. */
    public Stream<CrashFileSystem> images(int most, long seed) {
        return images(effects(), most, seed);
    }

    /** A file system of its own with the same files, all of them durable, as after an orderly end. */
    public CrashFileSystem settled() {
        return new CrashFileSystem(tree.settled(), "a settled copy");
    }

    /** Lets one operation fail, that number of those from now on that can fail so; the first is 1. Takes the place of an earlier order. */
    public void failAt(long operation, Errno errno) {
        tree.arm(operation, errno, false);
    }

    /** As {@link #failAt}, and all such operations after it fail too, until {@link #heal}. */
    public void failFrom(long operation, Errno errno) {
        tree.arm(operation, errno, true);
    }

    /** Nothing fails any more. */
    public void heal() {
        tree.heal();
    }

    /** How many operations have failed since the last order to fail. */
    public long struck() {
        return tree.struck();
    }

    /** How many operations since the last order to fail could have failed so. */
    public long met() {
        return tree.met();
    }

    /** From now on a write may take fewer bytes than it is given, one at least; the source decides how many. */
    public void writeShort(RandomGenerator random) {
        tree.shortWrites(random);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /** Does nothing: there is nothing to give back. */
    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic", "posix");
    }

    @Override
    public Path getPath(String first, String... more) {
        return CrashPath.parse(this, more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        throw new UnsupportedOperationException("patterns are not known here");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("users are not known here");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("nothing is watched here");
    }

    @Override
    public String toString() {
        return name;
    }
}
