package dev.coffer.repository.read;

import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.ByteRange;
import dev.coffer.repository.manifest.PointManifest;
import dev.coffer.repository.tree.Segment;
import dev.coffer.repository.tree.SegmentCursor;
import dev.coffer.repository.tree.StoredContent;
import dev.coffer.repository.tree.TreeDiff;
import dev.coffer.repository.tree.TreeReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads one recovery point. What is damaged is named with the point and, where it is a chunk, with the pack. */
public final class PointReader implements RecoveryPointReader {
    private static final long SPARE_BYTES = 32 << 20;

    private final PointManifest point;
    private final Pin pin;
    private final StoredChunks chunks;
    private final NodeCache nodes;
    private final TreeReader tree;
    private final SpareArrays spare = new SpareArrays(SPARE_BYTES);

    /** Keeps what the point needs from being freed. */
    public interface Pin extends AutoCloseable {
        /** Called before anything is read, any number of times, from any thread. */
        void hold() throws InterruptedException;

        @Override
        void close();
    }

    /** A point that somebody else keeps. */
    public PointReader(PointManifest point, StoredChunks chunks) {
        this(point, chunks, new Pin() {
            @Override
            public void hold() {}

            @Override
            public void close() {}
        });
    }

    /** @param pin is closed with this */
    public PointReader(PointManifest point, StoredChunks chunks, Pin pin) {
        this.point = point;
        this.pin = pin;
        this.chunks = chunks;
        this.nodes = new NodeCache(chunks, "recovery point " + point.manifest().id());
        this.tree = new TreeReader(nodes, point.tree());
    }

    @Override
    public Manifest manifest() {
        return point.manifest();
    }

    @Override
    public Optional<Item> find(ItemPath path) throws InterruptedException {
        pin.hold();
        return tree.find(path);
    }

    @Override
    public void items(ItemPath under, Predicate<Item> visit) throws InterruptedException {
        pin.hold();
        tree.items(under, visit);
    }

    @Override
    public void children(ItemPath folder, Predicate<Item> visit) throws InterruptedException {
        pin.hold();
        tree.children(folder, visit);
    }

    private ReadAhead pieces(Item item, long from) {
        var what = "recovery point " + point.manifest().id() + ", " + item.path();
        return new ReadAhead(chunks, new SegmentCursor(nodes, StoredContent.of(item), from), spare, what);
    }

    @Override
    public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
        pin.hold();
        long done = 0;
        try (var pieces = pieces(item, 0)) {
            for (var next = pieces.next(); next.isPresent(); next = pieces.next()) {
                var piece = next.get();
                if (piece.bytes().isPresent()) {
                    var bytes = piece.bytes().get();
                    sink.data(piece.offset(), ByteBuffer.wrap(bytes, 0, (int) piece.length()));
                    pieces.recycle(bytes);
                } else {
                    sink.hole(piece.offset(), piece.length());
                }
                done += piece.length();
            }
        }
        if (done != item.size()) {
            throw new RepositoryException.Corrupt(
                    "recovery point " + point.manifest().id() + ": the content of " + item.path() + " has " + done
                            + " bytes, not " + item.size());
        }
    }

    @Override
    public InputStream open(Item item, ByteRange range) throws InterruptedException {
        pin.hold();
        if (range.end() > item.size()) {
            throw new IllegalArgumentException(
                    item.path() + " has " + item.size() + " bytes, and the range ends at " + range.end());
        }
        return new RangeStream(pieces(item, range.offset()), range);
    }

    /** Shows how a later point of the same vault differs from this one. */
    public void compareWith(PointReader later, Differences differences) throws InterruptedException {
        pin.hold();
        later.pin.hold();
        new TreeDiff(nodes, later.nodes, differences).compare(point.tree(), later.point.tree());
    }

    /** Whether the vault has all chunks of a content, as far as is known without reading them. */
    public boolean isWhole(StoredContent content) throws InterruptedException {
        if (content instanceof StoredContent.Inline(var few)) {
            for (var segment : few) {
                if (!isThere(segment)) {
                    return false;
                }
            }
            return true;
        }
        var segments = new SegmentCursor(nodes, content, 0);
        for (var next = segments.next(); next.isPresent(); next = segments.next()) {
            if (!isThere(next.get().segment())) {
                return false;
            }
        }
        return true;
    }

    private boolean isThere(Segment segment) {
        return !(segment instanceof Segment.Data data) || chunks.has(data.chunk());
    }

    @Override
    public void close() {
        pin.close();
    }
}
