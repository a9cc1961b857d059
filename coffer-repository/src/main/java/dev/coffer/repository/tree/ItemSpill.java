package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Brings items that come in any order into the order of their paths. What does not fit into memory waits in encrypted files that vanish with the process. Safe for many threads until {@link #drainTo}.
 */
public final class ItemSpill implements AutoCloseable {
    private static final int OVERHEAD_BYTES = 120;

    private final Path folder;
    private final SecureRandom random;
    private final long memoryBytes;
    private final List<SpillRun> runs = new ArrayList<>();
    private List<Entry> entries = new ArrayList<>();
    private long held;

    /** An item's path, and its bytes with the path before them. */
    private static final class Entry {
        final ItemPath path;
        final byte[] bytes;

        Entry(ItemPath path, byte[] bytes) {
            this.path = path;
            this.bytes = bytes;
        }
    }

    /**
     * An empty spill.
     *
     * @param folder where files may be made
     * @param memoryBytes how much is held before a file is written
     */
    public ItemSpill(Path folder, SecureRandom random, long memoryBytes) {
        this.folder = folder;
        this.random = random;
        this.memoryBytes = memoryBytes;
    }

    /** Adds an item. */
    public void add(Item item) {
        var path = item.path().toBytes();
        var out = new FieldWriter(256 + path.length).sized(path);
        ItemCodec.write(item, path.length, out);
        var entry = new Entry(item.path(), out.toBytes());
        synchronized (this) {
            entries.add(entry);
            held += entry.bytes.length + OVERHEAD_BYTES;
            if (held >= memoryBytes) {
                spill();
            }
        }
    }

    private void spill() {
        entries.sort((a, b) -> a.path.compareTo(b.path));
        try {
            var run = new SpillRun(folder, random);
            runs.add(run);
            for (var entry : entries) {
                run.write(entry.bytes);
            }
            run.rewind();
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "scratch space for the list of items cannot be written in " + folder + ": " + failed.getMessage(),
                    failed);
        }
        entries = new ArrayList<>();
        held = 0;
    }

    /**
     * Gives all items to the writer, in the order of their paths.
     *
     * @throws IllegalStateException if two items have one path
     */
    public synchronized void drainTo(TreeWriter writer) throws InterruptedException {
        if (runs.isEmpty()) {
            entries.sort((a, b) -> a.path.compareTo(b.path));
            for (var entry : entries) {
                writer.add(item(entry.bytes));
            }
            entries = new ArrayList<>();
            return;
        }
        if (!entries.isEmpty()) {
            spill();
        }
        try {
            merge(writer);
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "scratch space for the list of items cannot be read in " + folder + ": " + failed.getMessage(),
                    failed);
        }
    }

    /** The next item of a run. */
    private record Head(Item item, SpillRun run) {}

    private void merge(TreeWriter writer) throws IOException, InterruptedException {
        var heads = new PriorityQueue<Head>(
                (a, b) -> a.item().path().compareTo(b.item().path()));
        for (var run : runs) {
            head(run).ifPresent(heads::add);
        }
        while (!heads.isEmpty()) {
            var smallest = heads.remove();
            writer.add(smallest.item());
            head(smallest.run()).ifPresent(heads::add);
        }
    }

    private static Optional<Head> head(SpillRun run) throws IOException {
        return run.next().map(bytes -> new Head(item(bytes), run));
    }

    private static Item item(byte[] bytes) {
        var in = new FieldReader(bytes, "a spilled item");
        return ItemCodec.read(ItemPath.of(in.sized()), in, ItemCodec.names());
    }

    /** Removes the files. */
    @Override
    public synchronized void close() {
        runs.forEach(SpillRun::close);
        runs.clear();
        entries = new ArrayList<>();
    }
}
