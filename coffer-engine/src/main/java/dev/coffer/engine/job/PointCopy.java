package dev.coffer.engine.job;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves all items of one point into a session of another vault, in the order of their paths. What has not changed since the point that an earlier copy was made of is taken over from that copy and not read. Memory: one item at a
 * time. Used by one thread, once.
 */
final class PointCopy {
    private static final Logger LOG = LoggerFactory.getLogger(PointCopy.class);

    private final RecoveryPointReader source;
    private final WriteSession session;
    private final Activity activity;
    private Optional<RecoveryPointReader> before;
    private long done;
    private Optional<InterruptedException> stopped = Optional.empty();

    /**
     * @param source what is copied
     * @param before the point that the session's parent is the copy of; empty if there is none
     * @param session takes the copy
     */
    PointCopy(
            RecoveryPointReader source, Optional<RecoveryPointReader> before, WriteSession session, Activity activity) {
        this.source = source;
        this.before = before;
        this.session = session;
        this.activity = activity;
    }

    /** Copies all, and says of the copy what was said of its source. */
    CaptureSummary run() throws InterruptedException {
        source.items(ItemPath.ROOT, this::copied);
        if (stopped.isPresent()) {
            throw stopped.get();
        }
        return source.manifest().summary();
    }

    private boolean copied(Item item) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            copy(item);
        } catch (InterruptedException stop) {
            stopped = Optional.of(stop);
            return false;
        }
        done += item.size();
        activity.progress(done, source.manifest().logicalBytes());
        return true;
    }

    private void copy(Item item) throws InterruptedException {
        var unchanged = unchanged(item);
        if (unchanged.isPresent()) {
            session.keep(unchanged.get(), item.attributes());
        } else if (item.kind() == ItemKind.FILE || item.size() > 0) {
            try (var writer = session.open(item.path(), item.kind())) {
                source.read(item, new Pipe(writer));
                writer.finish(item.attributes());
            } catch (IOException never) {
                throw new UncheckedIOException(never);
            }
        } else {
            session.put(item.path(), item.kind(), item.attributes());
        }
    }

    /** What the earlier copy has of the item, if the content is the same. */
    private Optional<Item> unchanged(Item item) throws InterruptedException {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        Optional<Item> was;
        try {
            was = before.get().find(item.path());
        } catch (RepositoryException | StoreException unreadable) {
            LOG.atWarn()
                    .setCause(unreadable)
                    .addKeyValue("point", before.get().manifest().id())
                    .log("the source of an earlier copy cannot be read; everything is copied");
            before = Optional.empty();
            return Optional.empty();
        }
        if (was.filter(old -> old.kind() == item.kind() && old.content().equals(item.content()))
                .isEmpty()) {
            return Optional.empty();
        }
        return session.inherited(item.path()).filter(kept -> kept.kind() == item.kind() && kept.size() == item.size());
    }

    /** Carries content from one vault to the other. */
    private record Pipe(ContentWriter writer) implements ContentSink {
        @Override
        public void data(long offset, ByteBuffer bytes) throws InterruptedException {
            writer.write(bytes);
        }

        @Override
        public void hole(long offset, long length) throws InterruptedException {
            writer.hole(length);
        }
    }
}
