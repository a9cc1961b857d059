package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointIndexes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How walks end, wait, or are handed on: each outcome is one transaction that is made only while the lease holds, or the end is left to whoever holds it. */
final class IndexEnds {
    private static final Logger LOG = LoggerFactory.getLogger(IndexEnds.class);
    /** With the pauses between them, about three hours. */
    private static final int ATTEMPTS_AT_MOST = 20;

    private static final String NEXT = " The recovery point itself was not changed. Put right what is named here (a"
            + " verification of the vault tells all that is damaged), then enable the index again.";

    private final JobStore store;
    private final InstantSource clock;
    private final Events events;
    private final JobObserver observer;

    IndexEnds(JobStore store, InstantSource clock, Events events, JobObserver observer) {
        this.store = store;
        this.clock = clock;
        this.events = events;
        this.observer = observer;
    }

    /** The point of the index, if it can be restored. */
    static Optional<RecoveryPoint> restorable(View view, IndexJob index) {
        return view.recoveryPoints()
                .find(index.scope(), index.vault(), index.recoveryPoint())
                .filter(point -> point.status().isRestorable());
    }

    static boolean isRestorable(View view, IndexJob index) {
        return restorable(view, index).isPresent();
    }

    void complete(IndexJob index, Stint stint, IndexState.Walk walk) {
        var now = clock.instant();
        var ended = store.write(tx -> held(tx, index, stint).flatMap(current -> {
            var running = (IndexState.Running) current.state();
            if (!isRestorable(tx, current)) {
                PointIndexes.drop(tx, current, now);
                return Optional.<IndexJob>empty();
            }
            var completed = current.rested()
                    .in(
                            current.continuous()
                                    ? running.completedUntil(walk, now.plus(IndexJob.AGAIN_AFTER))
                                    : running.completed(walk));
            tx.indexJobs().update(completed);
            if (running.walked().equals(Optional.of(walk))) {
                return Optional.<IndexJob>empty();
            }
            tx.emit(events.index(completed, now));
            return Optional.of(completed);
        }));
        ended.ifPresent(this::tell);
    }

    /** Lets this node's next start, or another node, begin again at once. */
    void handBack(IndexJob index, Stint stint) {
        var lapsed = stint.lease().renewedUntil(clock.instant());
        store.<Boolean>write(tx -> tx.indexJobs().renew(index.id(), lapsed, stint.progress()));
    }

    void settle(IndexJob index, Stint stint, RuntimeException failure) {
        if (stint.leave().isPresent()) {
            // The fault is most likely the interruption's.
            handBack(index, stint);
        } else if (failure instanceof JobStore.Fault) {
            throw failure;
        } else {
            fail(index, stint, JobFailure.of(index.id(), failure), failure);
        }
    }

    private void fail(IndexJob index, Stint stint, JobFailure failure, RuntimeException cause) {
        var now = clock.instant();
        // The image that was to be walked may just have been forgotten; the next look finds a newer one.
        boolean passing = failure.passing() || (index.continuous() && cause instanceof RepositoryException.NotFound);
        boolean again = passing && index.attempts() < ATTEMPTS_AT_MOST;
        var ended = store.write(tx -> held(tx, index, stint).flatMap(current -> {
            var running = (IndexState.Running) current.state();
            if (!isRestorable(tx, current)) {
                PointIndexes.drop(tx, current, now);
                return Optional.<IndexJob>empty();
            }
            if (again) {
                tx.indexJobs()
                        .update(current.in(
                                running.postponed(now.plus(BackupEnds.pause(index.attempts())), failure.message())));
                return Optional.<IndexJob>empty();
            }
            var failed = current.in(running.failed(now, "The index could not be made. " + failure.message() + NEXT));
            tx.indexJobs().update(failed);
            tx.emit(events.index(failed, now));
            return Optional.of(failed);
        }));
        ended.ifPresent(this::tell);
    }

    /** The index, if the lease still holds. */
    private static Optional<IndexJob> held(Transaction tx, IndexJob index, Stint stint) {
        return tx.indexJobs().leaseHolds(index.id(), stint.lease())
                ? tx.indexJobs()
                        .find(index.scope(), index.vault(), index.recoveryPoint())
                        .filter(found -> found.state() instanceof IndexState.Running)
                : Optional.empty();
    }

    private void tell(IndexJob index) {
        LOG.atInfo()
                .addKeyValue("event", "index.ended")
                .addKeyValue("recovery_point", index.recoveryPoint())
                .addKeyValue("state", index.state().wireName())
                .addKeyValue(
                        "items",
                        index.state().walked().map(IndexState.Walk::items).orElse(0L))
                .addKeyValue("message", index.statusMessage().orElse(""))
                .log("index " + index.state().wireName());
        observer.ended(
                JobObserver.Kind.INDEX,
                index.state().wireName(),
                index.resourceType(),
                Duration.between(index.createdAt(), clock.instant()),
                0);
    }
}
