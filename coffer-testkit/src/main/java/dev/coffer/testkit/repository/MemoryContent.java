package dev.coffer.testkit.repository;

import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Item;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The segments of a content, in order. Immutable; equal to contents of the same segments. */
final class MemoryContent implements Item.ContentRef {
    /** What items without content have. */
    static final MemoryContent NONE = new MemoryContent(List.of());

    sealed interface Segment {
        long length();
    }

    /** Stored bytes, shared by all contents that hold them. */
    record Block(ByteBuffer bytes) implements Segment {
        @Override
        public long length() {
            return bytes.remaining();
        }
    }

    record Hole(long length) implements Segment {}

    private final List<Segment> segments;

    MemoryContent(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    long size() {
        return segments.stream().mapToLong(Segment::length).sum();
    }

    List<ByteBuffer> blocks() {
        var blocks = new ArrayList<ByteBuffer>();
        for (var segment : segments) {
            if (segment instanceof Block(var bytes)) {
                blocks.add(bytes);
            }
        }
        return blocks;
    }

    void giveTo(ContentSink sink) throws IOException, InterruptedException {
        long offset = 0;
        for (var segment : segments) {
            switch (segment) {
                case Block(var bytes) -> sink.data(offset, bytes.duplicate());
                case Hole(var length) -> sink.hole(offset, length);
            }
            offset += segment.length();
        }
    }

    /** The bytes from the offset on that lie in one segment: at most {@code length}, none behind the end. Holes are zeros. */
    int copy(long from, byte[] to, int at, int length) {
        long start = 0;
        for (var segment : segments) {
            if (from < start + segment.length()) {
                int count = Math.toIntExact(Math.min(length, start + segment.length() - from));
                switch (segment) {
                    case Block(var bytes) -> bytes.get(bytes.position() + Math.toIntExact(from - start), to, at, count);
                    case Hole(var _) -> java.util.Arrays.fill(to, at, at + count, (byte) 0);
                }
                return count;
            }
            start += segment.length();
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryContent content && segments.equals(content.segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }
}
