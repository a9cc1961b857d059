package dev.coffer.host.efs;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A repository in memory for trees of tests: points are maps of items, contents are lists of pieces. */
final class MemoryVault implements Repository {
    private final NavigableMap<String, Point> points = new ConcurrentSkipListMap<>();

    private record Point(Manifest manifest, NavigableMap<ItemPath, Item> items) {}

    /** A stretch of content; without bytes it is a hole. */
    private record Piece(long offset, long length, Optional<byte[]> bytes) {}

    private record Content(List<Piece> pieces) implements Item.ContentRef {}

    @Override
    public Manifest write(
            SessionId id, PointDescription point, Optional<SessionId> parent, Capture capture, Runnable beforeCommit)
            throws InterruptedException {
        var earlier = points.get(id.value());
        if (earlier != null) {
            return earlier.manifest();
        }
        var inherited = new ConcurrentSkipListMap<ItemPath, Item>();
        parent.ifPresent(known -> inherited.putAll(point(known).items()));
        var session = new Session(inherited);
        var summary = capture.fill(session);
        beforeCommit.run();
        return commit(id, point, parent, summary, session.items);
    }

    /** Makes a point of these items, for points that no connector would write. */
    Manifest commit(
            SessionId id,
            PointDescription point,
            Optional<SessionId> parent,
            CaptureSummary summary,
            NavigableMap<ItemPath, Item> items) {
        long bytes = items.values().stream().mapToLong(Item::size).sum();
        var manifest = new Manifest(1, id, point, summary, parent, items.size(), bytes, bytes, bytes);
        points.put(id.value(), new Point(manifest, items));
        return manifest;
    }

    /** An item with content that is the bytes. */
    static Item item(ItemPath path, ItemKind kind, Attributes attributes, byte[] bytes) {
        var content = new Content(List.of(new Piece(0, bytes.length, Optional.of(bytes))));
        return new Item(path, kind, bytes.length, attributes, content);
    }

    private Point point(SessionId id) {
        var point = points.get(id.value());
        if (point == null) {
            throw new RepositoryException.NotFound("point " + id);
        }
        return point;
    }

    @Override
    public RecoveryPointReader open(SessionId id) {
        return new Reader(point(id));
    }

    @Override
    public void points(Consumer<Manifest> visit) {
        points.values().forEach(point -> visit.accept(point.manifest()));
    }

    @Override
    public void forget(SessionId id) {
        points.remove(id.value());
    }

    @Override
    public SweepReport sweep() {
        return SweepReport.of(SweepReport.Outcome.NOTHING);
    }

    @Override
    public VerifyReport verify(VerifyRequest request) {
        throw new UnsupportedOperationException("memory is not verified");
    }

    @Override
    public void compare(SessionId earlier, SessionId later, Differences differences) {
        throw new UnsupportedOperationException("points in memory are not compared");
    }

    @Override
    public void retain(SessionId id, Instant until) {
        throw new UnsupportedOperationException("memory retains nothing");
    }

    @Override
    public boolean chill(List<SessionId> ids) {
        throw new UnsupportedOperationException("memory has one storage class");
    }

    @Override
    public List<SessionId> cold() {
        return List.of();
    }

    @Override
    public long storedBytes() {
        return points.values().stream()
                .mapToLong(point -> point.manifest().storedBytes())
                .sum();
    }

    @Override
    public void close() {}

    private static final class Session implements WriteSession {
        private final NavigableMap<ItemPath, Item> inherited;
        private final NavigableMap<ItemPath, Item> items = new ConcurrentSkipListMap<>();

        Session(NavigableMap<ItemPath, Item> inherited) {
            this.inherited = inherited;
        }

        @Override
        public Optional<Item> inherited(ItemPath path) {
            return Optional.ofNullable(inherited.get(path));
        }

        @Override
        public void put(ItemPath path, ItemKind kind, Attributes attributes) {
            add(new Item(path, kind, 0, attributes, new Content(List.of())));
        }

        @Override
        public void keep(Item item, Attributes attributes) {
            add(new Item(item.path(), item.kind(), item.size(), attributes, item.content()));
        }

        private Item add(Item item) {
            if (items.putIfAbsent(item.path(), item) != null) {
                throw new IllegalStateException("put twice: " + item);
            }
            return item;
        }

        @Override
        public ContentWriter open(ItemPath path, ItemKind kind) {
            var pieces = new ArrayList<Piece>();
            return new ContentWriter() {
                private long size;

                @Override
                public void write(ByteBuffer bytes) {
                    var copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    pieces.add(new Piece(size, copy.length, Optional.of(copy)));
                    size += copy.length;
                }

                @Override
                public void hole(long length) {
                    pieces.add(new Piece(size, length, Optional.empty()));
                    size += length;
                }

                @Override
                public Item finish(Attributes attributes) {
                    return add(new Item(path, kind, size, attributes, new Content(List.copyOf(pieces))));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public long newBytes() {
            return 0;
        }
    }

    private record Reader(Point point) implements RecoveryPointReader {
        @Override
        public Manifest manifest() {
            return point.manifest();
        }

        @Override
        public Optional<Item> find(ItemPath path) {
            return Optional.ofNullable(point.items().get(path));
        }

        @Override
        public void items(ItemPath under, Predicate<Item> visit) {
            for (var item : point.items().tailMap(under, true).values()) {
                if (!item.path().isWithin(under) || !visit.test(item)) {
                    return;
                }
            }
        }

        @Override
        public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
            for (var piece : ((Content) item.content()).pieces()) {
                if (piece.bytes().isPresent()) {
                    sink.data(
                            piece.offset(), ByteBuffer.wrap(piece.bytes().get()).asReadOnlyBuffer());
                } else {
                    sink.hole(piece.offset(), piece.length());
                }
            }
        }

        @Override
        public InputStream open(Item item, ByteRange range) {
            throw new UnsupportedOperationException("trees are restored by read()");
        }

        @Override
        public void close() {}
    }
}
