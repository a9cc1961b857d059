package dev.coffer.aws.dynamodb;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes items and changes in any order, from any number of threads, and gives the last state of every key in the order of the keys, as often as it is asked. Memory is bounded: what is over goes into a {@link Scratch}.
 */
final class Sorter implements AutoCloseable {
    private static final int PARTITIONS = 256;
    private static final int PARTITION_SHIFT = Long.SIZE - Byte.SIZE;
    private static final int BLOCK_BYTES = 256 * 1024;
    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::key).thenComparingLong(Entry::ordinal);

    private final Scratch scratch;
    private final long memoryBytes;
    private final Bytes[] waiting = new Bytes[PARTITIONS];
    private final List<List<Scratch.Block>> stored = new ArrayList<>();
    private final long[] storedBytes = new long[PARTITIONS];
    private final AtomicLong ordinal = new AtomicLong();
    private long bytesWaiting;
    private long bytesInAll;

    /**
     * A state of a key.
     *
     * @param ordinal tells states of one key apart: the highest is the last. 0 is what a scan has read
     * @param item the bytes of the item; empty if it was deleted
     */
    record Entry(ItemKey key, long ordinal, Optional<byte[]> item) {
        /** What a scan has read. */
        static Entry scanned(ItemKey key, byte[] item) {
            return new Entry(key, 0, Optional.of(item));
        }
    }

    /** Takes what comes out: the item, or that the key was deleted. */
    interface Sink {
        void accept(ItemKey key, Optional<byte[]> item) throws InterruptedException;
    }

    /** Something was scanned twice. */
    static final class Repeated extends RuntimeException {
        private final ItemKey key;

        private Repeated(ItemKey key) {
            super("a key was scanned twice");
            this.key = key;
        }

        ItemKey key() {
            return key;
        }
    }

    /**
     * A sorter.
     *
     * @param memoryBytes how many bytes of items are held in memory; some copies of half of them come on top
     */
    Sorter(Path folder, SecureRandom random, long memoryBytes) {
        this.scratch = new Scratch(folder, random);
        this.memoryBytes = memoryBytes;
        for (int i = 0; i < PARTITIONS; i++) {
            waiting[i] = new Bytes(64);
            stored.add(new ArrayList<>());
        }
    }

    /** Adds changes that are later than all that was added for their keys. */
    void addChanges(List<StreamTail.Change> changes) {
        var entries = new ArrayList<Entry>(changes.size());
        for (var change : changes) {
            entries.add(new Entry(change.key(), ordinal.incrementAndGet(), change.item()));
        }
        add(entries);
    }

    synchronized void add(List<Entry> entries) {
        for (var entry : entries) {
            var bytes = waiting[partition(entry.key())];
            int before = bytes.size();
            write(bytes, entry);
            bytesWaiting += bytes.size() - before;
            bytesInAll += bytes.size() - before;
        }
        if (bytesWaiting > memoryBytes) {
            for (int i = 0; i < PARTITIONS; i++) {
                store(i);
            }
            bytesWaiting = 0;
        }
    }

    /** Bytes of all that was added, keys included. */
    synchronized long bytes() {
        return bytesInAll;
    }

    private static int partition(ItemKey key) {
        return (int) (key.hash() >>> PARTITION_SHIFT);
    }

    private static void write(Bytes out, Entry entry) {
        out.putLong(entry.key().hash());
        out.putLong(entry.ordinal());
        out.putSized(entry.key().bytes());
        out.put(entry.item().isPresent() ? 1 : 0);
        entry.item().ifPresent(out::putSized);
    }

    private static void read(byte[] bytes, int length, List<Entry> into) {
        var in = new Bytes.Reader(bytes, 0, length);
        while (!in.atEnd()) {
            long hash = in.getLong();
            long ordinal = in.getLong();
            var key = new ItemKey(hash, in.getSized());
            into.add(new Entry(key, ordinal, in.get() == 1 ? Optional.of(in.getSized()) : Optional.empty()));
        }
    }

    private void store(int partition) {
        var bytes = waiting[partition];
        if (bytes.size() > 0) {
            stored.get(partition).add(scratch.write(bytes.array(), bytes.size()));
            storedBytes[partition] += bytes.size();
            waiting[partition] = new Bytes(64);
        }
    }

    /**
     * Gives the last state of every key.
     *
     * @throws Repeated if two entries of one key have the ordinal 0
     */
    synchronized void drain(Sink sink) throws InterruptedException {
        for (int i = 0; i < PARTITIONS; i++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            var last = new Last(sink);
            if (storedBytes[i] + waiting[i].size() <= Math.max(memoryBytes / 2, 1)) {
                var entries = new ArrayList<Entry>();
                for (var block : stored.get(i)) {
                    var bytes = scratch.read(block);
                    read(bytes, bytes.length, entries);
                }
                read(waiting[i].array(), waiting[i].size(), entries);
                entries.sort(ORDER);
                for (var entry : entries) {
                    last.accept(entry);
                }
            } else {
                store(i);
                merge(runs(stored.get(i)), last);
            }
            last.end();
        }
    }

    /** Sorted runs, each of as much as fits into memory. */
    private List<List<Scratch.Block>> runs(List<Scratch.Block> blocks) {
        var runs = new ArrayList<List<Scratch.Block>>();
        var entries = new ArrayList<Entry>();
        long bytes = 0;
        for (var block : blocks) {
            var read = scratch.read(block);
            read(read, read.length, entries);
            bytes += read.length;
            if (bytes > memoryBytes / 2) {
                runs.add(run(entries));
                entries.clear();
                bytes = 0;
            }
        }
        if (!entries.isEmpty()) {
            runs.add(run(entries));
        }
        return runs;
    }

    private List<Scratch.Block> run(List<Entry> entries) {
        entries.sort(ORDER);
        var blocks = new ArrayList<Scratch.Block>();
        var out = new Bytes(BLOCK_BYTES);
        for (var entry : entries) {
            write(out, entry);
            if (out.size() >= BLOCK_BYTES) {
                blocks.add(scratch.write(out.array(), out.size()));
                out.clear();
            }
        }
        if (out.size() > 0) {
            blocks.add(scratch.write(out.array(), out.size()));
        }
        return blocks;
    }

    private void merge(List<List<Scratch.Block>> runs, Last last) throws InterruptedException {
        var queue = new PriorityQueue<Run>(Comparator.comparing(Run::peek, ORDER));
        for (var blocks : runs) {
            queue.add(new Run(blocks));
        }
        while (!queue.isEmpty()) {
            var run = queue.remove();
            last.accept(run.take());
            if (run.hasMore()) {
                queue.add(run);
            }
        }
    }

    /** A run that is being read; it has one more entry when it is in the queue. */
    private final class Run {
        private final List<Scratch.Block> blocks;
        private final ArrayList<Entry> entries = new ArrayList<>();
        private int block;
        private int at;

        private Run(List<Scratch.Block> blocks) {
            this.blocks = blocks;
            fill();
        }

        private void fill() {
            entries.clear();
            at = 0;
            var bytes = scratch.read(blocks.get(block++));
            read(bytes, bytes.length, entries);
        }

        private Entry peek() {
            return entries.get(at);
        }

        private Entry take() {
            return entries.get(at++);
        }

        private boolean hasMore() {
            if (at == entries.size() && block < blocks.size()) {
                fill();
            }
            return at < entries.size();
        }
    }

    /** Lets through the last state of each key. */
    private static final class Last {
        private final Sink sink;
        private Optional<Entry> held = Optional.empty();

        private Last(Sink sink) {
            this.sink = sink;
        }

        private void accept(Entry entry) throws InterruptedException {
            if (held.isPresent()) {
                var before = held.get();
                if (!Arrays.equals(before.key().bytes(), entry.key().bytes())) {
                    end();
                } else if (before.ordinal() == 0 && entry.ordinal() == 0) {
                    throw new Repeated(entry.key());
                }
            }
            held = Optional.of(entry);
        }

        private void end() throws InterruptedException {
            if (held.isPresent()) {
                var entry = held.get();
                held = Optional.empty();
                sink.accept(entry.key(), entry.item());
            }
        }
    }

    @Override
    public void close() {
        scratch.close();
    }
}
