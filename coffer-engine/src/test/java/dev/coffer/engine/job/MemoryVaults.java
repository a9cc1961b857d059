package dev.coffer.engine.job;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Vaults that live in memory and outlive the "processes" of a test. Tells each step of a write, so that a test can end the process or hold it there. */
final class MemoryVaults implements Repositories {
    /** A place in a write. */
    enum Step {
        OPENED,
        CAPTURED,
        FENCED,
        STORED
    }

    /** Is told of a step; may throw, and may block. */
    interface Watch {
        void at(Step step) throws InterruptedException;
    }

    private final Map<VaultId, Vault> vaultById = new ConcurrentHashMap<>();
    volatile Watch watch = _ -> {};

    @Override
    public void create(Scope scope, VaultName name, VaultId id) {
        vaultById.putIfAbsent(id, new Vault());
    }

    @Override
    public Repository open(Scope scope, VaultName name, VaultId id) {
        return Optional.ofNullable(vaultById.get(id))
                .orElseThrow(() -> new RepositoryException.NotFound("vault " + name));
    }

    @Override
    public boolean rewrap(Scope scope, VaultName name, VaultId id) {
        return false;
    }

    @Override
    public void destroy(Scope scope, VaultName name, VaultId id) {
        vaultById.remove(id);
    }

    @Override
    public void close() {}

    private static final class Bytes implements Item.ContentRef {
        private final byte[] content;

        Bytes(byte[] content) {
            this.content = content;
        }
    }

    private record Point(Manifest manifest, NavigableMap<ItemPath, Item> items) {}

    private final class Vault implements Repository {
        private final Map<String, Point> pointById = new ConcurrentSkipListMap<>();

        @Override
        public Manifest write(
                SessionId id,
                PointDescription description,
                Optional<SessionId> parent,
                Capture capture,
                Runnable beforeCommit)
                throws InterruptedException {
            var earlier = pointById.get(id.value());
            if (earlier != null) {
                return earlier.manifest();
            }
            watch.at(Step.OPENED);
            var compared = parent.flatMap(of -> Optional.ofNullable(pointById.get(of.value())));
            var session = new Session(compared);
            var summary = capture.fill(session);
            watch.at(Step.CAPTURED);
            beforeCommit.run();
            watch.at(Step.FENCED);
            long logical = session.items.values().stream().mapToLong(Item::size).sum();
            var manifest = new Manifest(
                    1,
                    id,
                    description,
                    summary,
                    compared.map(of -> of.manifest().id()),
                    session.items.size(),
                    logical,
                    session.newBytes(),
                    session.newBytes());
            pointById.put(id.value(), new Point(manifest, session.items));
            watch.at(Step.STORED);
            return manifest;
        }

        @Override
        public RecoveryPointReader open(SessionId id) {
            return new Reader(Optional.ofNullable(pointById.get(id.value()))
                    .orElseThrow(() -> new RepositoryException.NotFound("point " + id)));
        }

        @Override
        public void points(Consumer<Manifest> visit) {
            pointById.values().forEach(point -> visit.accept(point.manifest()));
        }

        @Override
        public void forget(SessionId id) {
            pointById.remove(id.value());
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
        public long storedBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static final class Session implements WriteSession {
        private final Optional<Point> parent;
        private final NavigableMap<ItemPath, Item> items = new ConcurrentSkipListMap<>();
        private final AtomicLong newBytes = new AtomicLong();

        Session(Optional<Point> parent) {
            this.parent = parent;
        }

        @Override
        public Optional<Item> inherited(ItemPath path) {
            return parent.flatMap(point -> Optional.ofNullable(point.items().get(path)));
        }

        @Override
        public void put(ItemPath path, ItemKind kind, Attributes attributes) {
            items.put(path, new Item(path, kind, 0, attributes, new Bytes(new byte[0])));
        }

        @Override
        public void keep(Item inherited, Attributes attributes) {
            items.put(
                    inherited.path(),
                    new Item(inherited.path(), inherited.kind(), inherited.size(), attributes, inherited.content()));
        }

        @Override
        public ContentWriter open(ItemPath path, ItemKind kind) {
            var content = new ByteArrayOutputStream();
            return new ContentWriter() {
                @Override
                public void write(ByteBuffer bytes) {
                    var copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    content.writeBytes(copy);
                    newBytes.addAndGet(copy.length);
                }

                @Override
                public void hole(long length) {
                    content.writeBytes(new byte[Math.toIntExact(length)]);
                }

                @Override
                public Item finish(Attributes attributes) {
                    var item = new Item(path, kind, content.size(), attributes, new Bytes(content.toByteArray()));
                    items.put(path, item);
                    return item;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public long newBytes() {
            return newBytes.get();
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
            for (var item : point.items().values()) {
                if (item.path().isWithin(under) && !visit.test(item)) {
                    return;
                }
            }
        }

        @Override
        public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
            sink.data(0, ByteBuffer.wrap(bytes(item)));
        }

        @Override
        public InputStream open(Item item, ByteRange range) {
            return new ByteArrayInputStream(
                    bytes(item), Math.toIntExact(range.offset()), Math.toIntExact(range.length()));
        }

        private static byte[] bytes(Item item) {
            if (item.content() instanceof Bytes bytes) {
                return bytes.content.clone();
            }
            throw new IllegalStateException("an item of another repository");
        }

        @Override
        public void close() {}
    }
}
