package dev.coffer.repository.tree;

import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the list of the segments of one content from front to back, whatever its length in the memory of a few nodes. Equal stretches of two lists have equal nodes in their midst.
 * Used by one thread.
 */
public final class ContentListWriter {
    /** What a node of a list begins with. */
    static final int NODE = 2;

    /** A node has so many entries at least, unless it is the last of its level; else content that repeats one chunk could have nodes of one entry. */
    static final int ENTRIES_AT_LEAST = 64;

    private final ChunkSink sink;
    private final NodeCut cut;
    private final List<Segment> few = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private final FieldWriter entry = new FieldWriter(64);
    private long pendingHole;
    private long segments;
    private long length;

    /** A level's node in the making. */
    private static final class Level {
        final FieldWriter body = new FieldWriter(1024);
        int entries;
        long segments;
        long length;
        Bytes32 lastChild = TreeRoot.NOWHERE;

        void clear() {
            body.clear();
            entries = 0;
            segments = 0;
            length = 0;
        }
    }

    /** @param seed the vault's {@code treeSeed} */
    public ContentListWriter(ChunkSink sink, long seed) {
        this.sink = sink;
        this.cut = new NodeCut(seed);
    }

    /** Appends all bytes of a chunk. */
    public void add(Bytes32 chunk, int bytes) throws InterruptedException {
        var segment = new Segment.Data(chunk, bytes);
        endHole();
        append(segment);
    }

    /** Appends a hole; one that follows another makes it longer, and one of no bytes is nothing. */
    public void hole(long bytes) {
        if (bytes < 0 || pendingHole + bytes < 0) {
            throw new IllegalArgumentException("no hole has " + bytes + " bytes");
        }
        pendingHole += bytes;
    }

    /** Logical bytes so far. */
    public long length() {
        return length + pendingHole;
    }

    /** Ends the list. If it is long, all its nodes are with the sink on return. */
    public StoredContent finish() throws InterruptedException {
        endHole();
        if (levels.isEmpty()) {
            return few.isEmpty() ? StoredContent.NONE : new StoredContent.Inline(few);
        }
        int level = 0;
        while (level < levels.size() - 1) {
            if (levels.get(level).entries > 0) {
                end(level);
            }
            level++;
        }
        var top = levels.get(level);
        if (top.entries == 1 && level > 0) {
            return new StoredContent.Listed(top.lastChild, level, segments, length);
        }
        return new StoredContent.Listed(write(level), level + 1, segments, length);
    }

    private void endHole() throws InterruptedException {
        if (pendingHole > 0) {
            var hole = new Segment.Hole(pendingHole);
            pendingHole = 0;
            append(hole);
        }
    }

    private void append(Segment segment) throws InterruptedException {
        if (segment.length() > Segment.LONGEST - length) {
            throw new IllegalArgumentException("a content has at most " + Segment.LONGEST + " bytes");
        }
        segments++;
        length += segment.length();
        if (!levels.isEmpty()) {
            appendToList(segment);
            return;
        }
        few.add(segment);
        if (few.size() > StoredContent.INLINE_AT_MOST) {
            for (var early : few) {
                appendToList(early);
            }
            few.clear();
        }
    }

    private void appendToList(Segment segment) throws InterruptedException {
        entry.clear();
        ItemCodec.write(segment, entry);
        add(0, cut.hash(entry.array(), entry.length()), segment.length(), 1, TreeRoot.NOWHERE);
    }

    /** Adds what {@code entry} holds; the hash is that of the last segment below it, so that a change further to the front leaves the end of the node where it is. */
    private void add(int level, long hash, long bytes, long count, Bytes32 child) throws InterruptedException {
        if (level == levels.size()) {
            levels.add(new Level());
        }
        var at = levels.get(level);
        int size = entry.length();
        at.body.raw(entry.array(), 0, size);
        at.entries++;
        at.segments += count;
        at.length += bytes;
        at.lastChild = child;
        boolean ends = at.entries >= ENTRIES_AT_LEAST && NodeCut.endsAfter(hash, level, size);
        if (ends || at.body.length() >= NodeCut.MOST_BYTES) {
            endAfter(level, hash);
        }
    }

    private void end(int level) throws InterruptedException {
        // The last node of its level: where the node above ends is decided by the end of the list.
        endAfter(level, 0);
    }

    private void endAfter(int level, long hash) throws InterruptedException {
        var at = levels.get(level);
        var id = write(level);
        long bytes = at.length;
        long count = at.segments;
        at.clear();
        entry.clear();
        entry.hash(id).varint(bytes).varint(count);
        add(level + 1, hash, bytes, count, id);
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
