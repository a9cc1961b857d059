package dev.coffer.repository.tree;

import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Goes through the segments of a content from an offset on, reading only the nodes on the way. Holds one node of each level. Used by one thread. */
public final class SegmentCursor {
    private final ChunkSource source;
    private final long from;
    private final Deque<Frame> path = new ArrayDeque<>();
    private Optional<Entry.Below> root = Optional.empty();
    private int rootLevel;
    private long offset;

    /** A segment and the offset that it begins at. */
    public record Placed(long offset, Segment segment) {}

    private sealed interface Entry {
        long length();

        record Here(Segment segment) implements Entry {
            @Override
            public long length() {
                return segment.length();
            }
        }

        record Below(Bytes32 node, long length, long segments) implements Entry {}
    }

    private static final class Frame {
        final int level;
        final List<Entry> entries;
        int next;

        Frame(int level, List<Entry> entries) {
            this.level = level;
            this.entries = entries;
        }
    }

    /** The first segment that is shown is the one that holds the byte at {@code from}; none is if the content ends before. */
    public SegmentCursor(ChunkSource source, StoredContent content, long from) {
        this.source = source;
        this.from = from;
        switch (content) {
            case StoredContent.Inline(var segments) ->
                path.push(new Frame(
                        0, segments.stream().<Entry>map(Entry.Here::new).toList()));
            case StoredContent.Listed(var node, var height, var segments, var length) -> {
                root = Optional.of(new Entry.Below(node, length, segments));
                rootLevel = height - 1;
            }
        }
    }

    /** The next segment; empty at the end. Corrupt if the list is damaged. */
    public Optional<Placed> next() throws InterruptedException {
        if (root.isPresent()) {
            var top = root.get();
            root = Optional.empty();
            if (from < top.length()) {
                path.push(load(top, rootLevel));
            }
        }
        while (!path.isEmpty()) {
            var frame = path.element();
            if (frame.next == frame.entries.size()) {
                path.pop();
                continue;
            }
            var entry = frame.entries.get(frame.next++);
            if (offset + entry.length() <= from) {
                offset += entry.length();
                continue;
            }
            switch (entry) {
                case Entry.Here(var segment) -> {
                    var placed = new Placed(offset, segment);
                    offset += segment.length();
                    return Optional.of(placed);
                }
                case Entry.Below below -> path.push(load(below, frame.level - 1));
            }
        }
        return Optional.empty();
    }

    private Frame load(Entry.Below below, int level) throws InterruptedException {
        var in = new FieldReader(source.get(below.node()), "the content list node " + below.node());
        if (in.u8() != ContentListWriter.NODE || in.u8() != level) {
            throw in.broken("this is not a node of level " + level + " of a content list");
        }
        int count = in.varint(in.remaining());
        var entries = new ArrayList<Entry>();
        long length = 0;
        long segments = 0;
        for (int i = 0; i < count; i++) {
            Entry entry = entry(in, level);
            entries.add(entry);
            segments += switch (entry) {
                case Entry.Here _ -> 1;
                case Entry.Below child -> child.segments();
            };
            length += entry.length();
            if (length < 0 || length > below.length() || segments < 0 || segments > below.segments()) {
                throw in.broken("the node holds more than its parent says");
            }
        }
        in.end();
        if (length != below.length() || segments != below.segments()) {
            throw in.broken("the node holds less than its parent says");
        }
        return new Frame(level, entries);
    }

    private static Entry entry(FieldReader in, int level) {
        if (level == 0) {
            return new Entry.Here(ItemCodec.segment(in));
        }
        var child = new Entry.Below(in.hash(), in.varint(), in.varint());
        if (child.segments() < 1 || child.length() < child.segments()) {
            throw in.broken("a node is empty");
        }
        return child;
    }
}
