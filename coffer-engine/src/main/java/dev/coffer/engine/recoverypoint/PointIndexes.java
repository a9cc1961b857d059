package dev.coffer.engine.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.recoverypoint.Indexing;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Begins and ends the indexes of recovery points inside the transaction of whoever makes, indexes or deletes the point. */
public final class PointIndexes {
    private final Supplier<UUID> ids;

    public PointIndexes(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /** Adds an index that waits for its walk, in the place of one that is there. */
    IndexJob begin(Transaction tx, RecoveryPoint point, Arn role, Instant now) {
        tx.indexJobs().find(point.scope(), point.vault(), point.arn()).ifPresent(tx.indexJobs()::delete);
        var index = new IndexJob(
                JobId.ofIndex(ids.get()),
                point.scope(),
                point.vault(),
                point.arn(),
                point.resource(),
                point.resourceType(),
                role,
                point.createdAt(),
                tx.continuous().find(point.scope(), point.vault(), point.arn()).isPresent(),
                now,
                0,
                new IndexState.Waiting(now, Optional.empty(), Optional.empty()));
        tx.indexJobs().insert(index);
        return index;
    }

    /** Begins the index of a point that a backup has made or gone on with, and that is to have one; one that is there stays, unless it has failed before today. */
    public void afterBackup(Transaction tx, RecoveryPoint point, Arn role, Instant now) {
        if (Indexing.objectionTo(point).isPresent()) {
            return;
        }
        var present = tx.indexJobs().find(point.scope(), point.vault(), point.arn());
        if (present.map(index -> index.isDueAnew(now)).orElse(true)) {
            begin(tx, point, role, now);
        }
    }

    /** Lets the index of the point go with it, if it has one: it is DELETING, and gone soon after. */
    public static void drop(Transaction tx, RecoveryPoint point, Instant now) {
        tx.indexJobs().find(point.scope(), point.vault(), point.arn()).ifPresent(index -> drop(tx, index, now));
    }

    /** The same for an index that is there. */
    public static IndexJob drop(Transaction tx, IndexJob index, Instant now) {
        if (index.state() instanceof IndexState.Deleting) {
            return index;
        }
        var deleting = index.in(index.state().deleted(now));
        tx.indexJobs().update(deleting);
        return deleting;
    }
}
