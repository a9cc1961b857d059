package dev.coffer.testkit.repository;

import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The repository over one vault's storage in memory. */
final class MemoryRepository implements Repository {
    private static final int FORMAT = 1;

    private final MemoryStorage storage;
    private final AtomicBoolean closed = new AtomicBoolean();

    MemoryRepository(MemoryStorage storage) {
        this.storage = storage;
    }

    @Override
    public Manifest write(
            SessionId id, PointDescription point, Optional<SessionId> parent, Capture capture, Runnable beforeCommit)
            throws InterruptedException {
        mustBeOpen();
        var earlier = storage.point(id);
        if (earlier.isPresent()) {
            return earlier.get().manifest();
        }
        storage.mustNotBeForgotten(id);
        var compared = parent.flatMap(storage::point);
        var session = new MemoryWriteSession(storage, compared);
        var summary = session.filledBy(capture);
        mustBeOpen();
        beforeCommit.run();
        mustBeOpen();
        var items = session.items();
        var manifest = new Manifest(
                FORMAT,
                id,
                point,
                summary,
                compared.map(found -> found.manifest().id()),
                items.size(),
                items.values().stream().mapToLong(Item::size).sum(),
                session.newBytes(),
                session.newBytes());
        return storage.commit(new MemoryStorage.Point(manifest, items)).manifest();
    }

    @Override
    public RecoveryPointReader open(SessionId id) {
        mustBeOpen();
        return new Reader(point(id));
    }

    @Override
    public void points(Consumer<Manifest> visit) {
        mustBeOpen();
        storage.points().forEach(point -> visit.accept(point.manifest()));
    }

    @Override
    public void forget(SessionId id) {
        mustBeOpen();
        storage.forget(id);
    }

    /** A forgotten point is freed at once, so there is never anything to sweep. */
    @Override
    public SweepReport sweep() {
        mustBeOpen();
        return SweepReport.of(SweepReport.Outcome.NOTHING);
    }

    /** Memory has no damage. */
    @Override
    public VerifyReport verify(VerifyRequest request) {
        mustBeOpen();
        return new VerifyReport(storage.points().size(), 0, 0, 0, List.of(), 0);
    }

    @Override
    public void compare(SessionId earlier, SessionId later, Differences differences) throws InterruptedException {
        mustBeOpen();
        var before = point(earlier).itemByPath();
        var after = point(later).itemByPath();
        var paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (var path : paths) {
            var was = Optional.ofNullable(before.get(path));
            var is = Optional.ofNullable(after.get(path));
            if (was.isEmpty()) {
                differences.added(is.orElseThrow());
            } else if (is.isEmpty()) {
                differences.removed(was.get());
            } else if (!was.get().equals(is.get())) {
                differences.changed(was.get(), is.get());
            }
        }
    }

    private MemoryStorage.Point point(SessionId id) {
        return storage.point(id).orElseThrow(() -> new RepositoryException.NotFound("recovery point " + id));
    }

    @Override
    public void retain(SessionId id, Instant until) {
        mustBeOpen();
        storage.retain(id, until);
    }

    @Override
    public boolean chill(List<SessionId> ids) {
        mustBeOpen();
        storage.chill(ids);
        return true;
    }

    @Override
    public List<SessionId> cold() {
        mustBeOpen();
        return storage.cold();
    }

    @Override
    public VaultFacts facts() {
        mustBeOpen();
        return storage;
    }

    @Override
    public long storedBytes() {
        mustBeOpen();
        return storage.storedBytes();
    }

    @Override
    public void close() {
        closed.set(true);
    }

    private void mustBeOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the repository of vault " + storage.vault() + " is closed");
        }
    }

    private static MemoryContent contentOf(Item item) {
        if (item.content() instanceof MemoryContent content) {
            return content;
        }
        throw new IllegalArgumentException("the item " + item.path() + " is not one of this repository");
    }

    record Reader(MemoryStorage.Point point) implements RecoveryPointReader {
        @Override
        public Manifest manifest() {
            return point.manifest();
        }

        @Override
        public Optional<Item> find(ItemPath path) {
            return Optional.ofNullable(point.itemByPath().get(path));
        }

        @Override
        public void items(ItemPath under, Predicate<Item> visit) {
            for (var item : point.itemByPath().tailMap(under, true).values()) {
                // All that is below a path comes in one run after it.
                if (!item.path().isWithin(under) || !visit.test(item)) {
                    return;
                }
            }
        }

        @Override
        public void children(ItemPath folder, Predicate<Item> visit) {
            items(
                    folder,
                    item -> item.path().equals(folder) || !item.path().parent().equals(folder) || visit.test(item));
        }

        @Override
        public void read(Item item, ContentSink sink) throws IOException, InterruptedException {
            contentOf(item).giveTo(sink);
        }

        @Override
        public InputStream open(Item item, ByteRange range) {
            return new RangeStream(contentOf(item), range);
        }

        @Override
        public void close() {}
    }

    /** Used by one thread. */
    private static final class RangeStream extends InputStream {
        private final MemoryContent content;
        private final long end;
        private long next;

        RangeStream(MemoryContent content, ByteRange range) {
            this.content = content;
            this.next = range.offset();
            this.end = Math.min(range.end(), content.size());
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] to, int at, int length) {
            Objects.checkFromIndexSize(at, length, to.length);
            if (length == 0) {
                return 0;
            }
            if (next >= end) {
                return -1;
            }
            int count = content.copy(next, to, at, Math.toIntExact(Math.min(length, end - next)));
            next += count;
            return count;
        }
    }
}
