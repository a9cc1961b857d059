package dev.coffer.repository.tree;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the tree of a point's items, which come in the order of their paths. The tree depends on the items and the vault's seed alone: the same items give the same root, and where two
 * sets of items agree, so do the nodes. Memory: one node of each level. Used by one thread.
 */
public final class TreeWriter {
    /** What a node of the tree begins with. */
    static final int NODE = 1;

    private static final int LENGTHS_BYTES = 6;

    private final ChunkSink sink;
    private final NodeCut cut;
    private final List<Level> levels = new ArrayList<>();
    private final FieldWriter value = new FieldWriter(512);
    private long items;

    /** A level's node in the making. */
    private static final class Level {
        final FieldWriter body = new FieldWriter(4096);
        final int entriesAtLeast;
        int entries;
        long items;
        byte[] first = new byte[0];
        /** The last key of the level, also of one that its former node holds. */
        byte[] last = new byte[0];

        Bytes32 lastChild = TreeRoot.NOWHERE;

        Level(int entriesAtLeast) {
            this.entriesAtLeast = entriesAtLeast;
        }
    }

    /** @param seed the vault's {@code treeSeed} */
    public TreeWriter(ChunkSink sink, long seed) {
        this.sink = sink;
        this.cut = new NodeCut(seed);
        levels.add(new Level(1));
    }

    /**
     * Adds the next item.
     *
     * @throws IllegalStateException if its path does not come after that of the item before
     * @throws IllegalArgumentException if the format has no place for it: more than 1 MiB of path and attributes, or a size that is not that of its content
     */
    public void add(Item item) throws InterruptedException {
        var path = item.path().toBytes();
        value.clear();
        ItemCodec.write(item, path.length, value);
        add(path, value.array(), 0, value.length());
    }

    /** Adds the next item, whose value is encoded already. The path becomes the writer's. */
    void add(byte[] path, byte[] bytes, int from, int length) throws InterruptedException {
        if (items > 0) {
            int order = PathOrder.compare(levels.getFirst().last, path);
            if (order >= 0) {
                throw new IllegalStateException(
                        "the item " + ItemPath.of(path) + (order == 0 ? " was put twice" : " came too late"));
            }
        }
        items++;
        add(0, path, bytes, from, length, 1, TreeRoot.NOWHERE);
    }

    /** Ends the tree; all its nodes are with the sink on return. A tree without items is one empty leaf. */
    public TreeRoot finish() throws InterruptedException {
        int level = 0;
        while (level < levels.size() - 1) {
            if (levels.get(level).entries > 0) {
                end(level);
            }
            level++;
        }
        var top = levels.get(level);
        if (top.entries == 1 && level > 0) {
            return new TreeRoot(top.lastChild, level, items);
        }
        return new TreeRoot(write(level), level + 1, items);
    }

    private void add(int level, byte[] key, byte[] bytes, int from, int length, long count, Bytes32 child)
            throws InterruptedException {
        if (level == levels.size()) {
            levels.add(new Level(2));
        }
        var at = levels.get(level);
        int shared = PathOrder.shared(at.last, key);
        // As if it were not the first of its node, so that it does not matter for the cut whether it is.
        int weight = key.length - shared + length + LENGTHS_BYTES;
        if (at.entries >= at.entriesAtLeast && at.body.length() + weight > NodeCut.MOST_BYTES) {
            end(level);
        }
        if (at.entries == 0) {
            at.first = key;
            shared = 0;
        }
        at.body
                .varint(shared)
                .varint(key.length - shared)
                .raw(key, shared, key.length - shared)
                .raw(bytes, from, length);
        at.entries++;
        at.items += count;
        at.last = key;
        at.lastChild = child;
        if (at.entries >= at.entriesAtLeast && NodeCut.endsAfter(cut.hash(key, key.length), level, weight)) {
            end(level);
        }
    }

    private void end(int level) throws InterruptedException {
        var at = levels.get(level);
        var id = write(level);
        var key = at.first;
        long count = at.items;
        at.body.clear();
        at.entries = 0;
        at.items = 0;
        var entry = new FieldWriter(48).hash(id).varint(count);
        add(level + 1, key, entry.array(), 0, entry.length(), count, id);
    }

    private Bytes32 write(int level) throws InterruptedException {
        var at = levels.get(level);
        var node = new FieldWriter(at.body.length() + 8)
                .u8(NODE)
                .u8(level)
                .varint(at.entries)
                .raw(at.body.array(), 0, at.body.length());
        return sink.put(node.array(), 0, node.length());
    }
}
