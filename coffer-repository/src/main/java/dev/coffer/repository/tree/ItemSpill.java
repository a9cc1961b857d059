package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.format.FieldWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Sorts items that come from many threads in any order. They wait in memory up to a number of bytes, then go in sorted runs to temporary files, encrypted under keys that are never stored,
 * and are merged at the end. Few items need no file. The files have no names once they are
 * open, so nothing of them outlives the process; {@link #close} frees their space. The folder must be on a POSIX file system. Trouble with the files rises as
 * UncheckedIOException.
 */
public final class ItemSpill implements AutoCloseable {
    /** So many runs of one size become one larger run, which bounds how many are open in a merge. */
    static final int FAN_IN = 64;

    private static final int PATH_LENGTH_BYTES = 2;
    /** What the heap needs for a record besides its bytes. */
    private static final int RECORD_OVERHEAD = 40;

    private static final Comparator<byte[]> BY_PATH = (a, b) -> PathOrder.compare(
            a,
            PATH_LENGTH_BYTES,
            PATH_LENGTH_BYTES + pathLength(a),
            b,
            PATH_LENGTH_BYTES,
            PATH_LENGTH_BYTES + pathLength(b));

    private final Path folder;
    private final long memoryBytes;
    private final SecureRandom random;
    // All below is guarded by this object's lock, which is held while a run is written: who puts then waits, and memory
    // stays bounded.
    private final List<List<SpillRun>> runsByLevel = new ArrayList<>();
    private List<byte[]> waiting = new ArrayList<>();
    private long waitingBytes;
    private long items;
    private boolean ended;

    /**
     * @param folder where temporary files go; made if it is not there
     * @param memoryBytes how much heap the items that wait may take
     */
    public ItemSpill(Path folder, SecureRandom random, long memoryBytes) {
        this.folder = folder;
        this.memoryBytes = memoryBytes;
        this.random = random;
    }

    /**
     * Takes an item. May take long when it is the one that fills the memory.
     *
     * @throws IllegalStateException if a path turns out to have been put twice, here or in {@link #drainTo}; the message names it
     * @throws IllegalArgumentException if the format has no place for the item
     */
    public void add(Item item) {
        var path = item.path().toBytes();
        var out = new FieldWriter(path.length + 256).u16(path.length).raw(path);
        ItemCodec.write(item, path.length, out);
        keep(out.toBytes());
    }

    private synchronized void keep(byte[] item) {
        if (ended) {
            throw new IllegalStateException("this takes no more items");
        }
        waiting.add(item);
        waitingBytes += item.length + RECORD_OVERHEAD;
        items++;
        if (waitingBytes > memoryBytes) {
            // What fails here has lost items, so nothing may come of the rest.
            ended = true;
            add(0, SpillRun.write(folder, random, sorted()));
            ended = false;
        }
    }

    /** How many items have been added. */
    public synchronized long items() {
        return items;
    }

    /** Gives all items to the writer in the order of their paths. Nothing can be put afterwards, and this is called once. */
    public synchronized void drainTo(TreeWriter tree) throws InterruptedException {
        if (ended) {
            throw new IllegalStateException("there are no more items to be had");
        }
        ended = true;
        var all = runsByLevel.stream().flatMap(List::stream).toList();
        var merge = new Merge(all, Optional.of(sorted()));
        for (var next = merge.next(); next.isPresent(); next = merge.next()) {
            var item = next.get();
            int valueAt = PATH_LENGTH_BYTES + pathLength(item);
            tree.add(Arrays.copyOfRange(item, PATH_LENGTH_BYTES, valueAt), item, valueAt, item.length - valueAt);
        }
    }

    /** Takes what waits. */
    private SpillRun.Records sorted() {
        var records = waiting;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        records.sort(BY_PATH);
        for (int i = 1; i < records.size(); i++) {
            requireOrder(records.get(i - 1), records.get(i));
        }
        var iterator = records.iterator();
        return () -> iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
    }

    private static void requireOrder(byte[] before, byte[] after) {
        if (BY_PATH.compare(before, after) >= 0) {
            throw new IllegalStateException("the item " + path(after) + " was put twice");
        }
    }

    private void add(int level, SpillRun run) {
        if (level == runsByLevel.size()) {
            runsByLevel.add(new ArrayList<>());
        }
        var runs = runsByLevel.get(level);
        runs.add(run);
        if (runs.size() < FAN_IN) {
            return;
        }
        var merged = SpillRun.write(folder, random, new Merge(runs, Optional.empty()));
        runs.forEach(SpillRun::close);
        runs.clear();
        add(level + 1, merged);
    }

    private static int pathLength(byte[] item) {
        return (item[0] & 0xff) << 8 | (item[1] & 0xff);
    }

    private static ItemPath path(byte[] item) {
        return ItemPath.of(Arrays.copyOfRange(item, PATH_LENGTH_BYTES, PATH_LENGTH_BYTES + pathLength(item)));
    }

    /** Deletes the temporary files. */
    @Override
    public synchronized void close() {
        ended = true;
        waiting = new ArrayList<>();
        waitingBytes = 0;
        runsByLevel.forEach(runs -> runs.forEach(SpillRun::close));
        runsByLevel.clear();
    }

    /** Several sorted sources as one, in which every path comes once. */
    private static final class Merge implements SpillRun.Records {
        private final PriorityQueue<Head> heads = new PriorityQueue<>((a, b) -> BY_PATH.compare(a.item, b.item));
        private Optional<byte[]> last = Optional.empty();

        /** The next item of a source. */
        private static final class Head {
            final byte[] item;
            final SpillRun.Records source;

            Head(byte[] item, SpillRun.Records source) {
                this.item = item;
                this.source = source;
            }
        }

        Merge(List<SpillRun> runs, Optional<SpillRun.Records> inMemory) {
            runs.forEach(run -> advance(run.read()));
            inMemory.ifPresent(this::advance);
        }

        private void advance(SpillRun.Records source) {
            source.next().ifPresent(item -> heads.add(new Head(item, source)));
        }

        @Override
        public Optional<byte[]> next() {
            if (heads.isEmpty()) {
                return Optional.empty();
            }
            var head = heads.remove();
            last.ifPresent(before -> requireOrder(before, head.item));
            last = Optional.of(head.item);
            advance(head.source);
            return last;
        }
    }
}
