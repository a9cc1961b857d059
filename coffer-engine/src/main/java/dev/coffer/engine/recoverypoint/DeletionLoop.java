package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the points that are marked as DELETING, after a wake at once and by period otherwise. What fails is tried again, and keeps no other point waiting. */
public final class DeletionLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionLoop.class);
    private static final int AT_ONCE = 1000;

    private final Catalog catalog;
    private final PointDeletion deletion;
    private final AtomicReference<BiConsumer<RecoveryPoint, RuntimeException>> failures =
            new AtomicReference<>(DeletionLoop::tell);
    private final Loop loop;

    /** A loop that does nothing before {@link #start}. */
    public DeletionLoop(Catalog catalog, PointDeletion deletion, Duration period) {
        this.catalog = catalog;
        this.deletion = deletion;
        this.loop = new Loop("recovery point deletion", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Whom to tell of points that could not be deleted, instead of the log alone. */
    public void onFailure(BiConsumer<RecoveryPoint, RuntimeException> listener) {
        failures.set(listener);
    }

    /** Says that a point was marked. */
    public void wake() {
        loop.wake();
    }

    /** Deletes the points that are marked now, the oldest first. What is kept, and what fails, keeps no other waiting. */
    public void tick() throws InterruptedException {
        var last = Optional.<RecoveryPoint>empty();
        List<RecoveryPoint> marked;
        do {
            var after = last;
            marked = catalog.read(view -> view.recoveryPoints().inStatus(RecoveryPointStatus.DELETING, after, AT_ONCE));
            for (var point : marked) {
                delete(point);
                last = Optional.of(point);
            }
        } while (marked.size() == AT_ONCE);
    }

    private void delete(RecoveryPoint point) throws InterruptedException {
        try {
            deletion.finish(point)
                    .ifPresent(why -> LOG.atWarn()
                            .addKeyValue("recoveryPoint", point.arn())
                            .addKeyValue("why", why.message())
                            .log("a recovery point that is marked for deletion is kept"));
        } catch (RuntimeException failure) {
            failures.get().accept(point, failure);
        }
    }

    private static void tell(RecoveryPoint point, RuntimeException failure) {
        LOG.atWarn()
                .addKeyValue("recoveryPoint", point.arn())
                .setCause(failure)
                .log("a recovery point could not be deleted; it will be tried again");
    }

    /** Stops after interrupting the deletion under way, which the next start does again. */
    @Override
    public void close() {
        loop.close();
    }
}
