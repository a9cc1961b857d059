package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointIndexes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The walks that make indexes. One whose point can no longer be restored is not begun: its index goes. */
record IndexLine(Catalog catalog, IndexRunner runner, Leases leases, Events events) implements JobLine<IndexJob> {
    private static final Logger LOG = LoggerFactory.getLogger(IndexLine.class);
    private static final int AT_ONCE = 2;
    /** A queue may be as long as there are points; more than a few of it are not begun in one step. */
    private static final int LOOKED_AT = 20;

    @Override
    public JobObserver.Kind kind() {
        return JobObserver.Kind.INDEX;
    }

    @Override
    public int places(ResourceType type) {
        return AT_ONCE;
    }

    @Override
    public List<IndexJob> due(View view, Instant now) {
        return view.indexJobs()
                .claimable(now, leases.runner().node(), leases.runner().start(), LOOKED_AT);
    }

    /** Removes the indexes that are DELETING. */
    void remove() {
        for (var seen : catalog.read(view -> view.indexJobs().deleting(SEEN_AT_ONCE))) {
            var removed = catalog.write(tx -> {
                var found = found(tx, seen).filter(index -> index.state() instanceof IndexState.Deleting);
                found.ifPresent(index -> {
                    tx.indexJobs().delete(index);
                    tx.emit(events.indexDeleted(index, leases.now()));
                });
                return found;
            });
            removed.ifPresent(index -> LOG.atInfo()
                    .addKeyValue("event", "index.deleted")
                    .addKeyValue("recovery_point", index.recoveryPoint())
                    .log("index deleted"));
        }
    }

    private static Optional<IndexJob> found(View view, IndexJob seen) {
        return view.indexJobs()
                .find(seen.scope(), seen.vault(), seen.recoveryPoint())
                .filter(index -> index.id().equals(seen.id()));
    }

    @Override
    public Optional<Claim<IndexJob>> claim(Transaction tx, IndexJob seen) {
        var now = leases.now();
        var found = found(tx, seen);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var index = found.get();
        Optional<IndexState.Running> next = switch (index.state()) {
            case IndexState.Waiting waiting
            when !now.isBefore(waiting.notBefore()) -> Optional.of(waiting.claimedBy(leases.fresh(tx, now), now));
            case IndexState.Running running
            when leases.isFree(running.lease(), now) -> Optional.of(running.claimedAgain(leases.fresh(tx, now)));
            case IndexState.Waiting _, IndexState.Running _, IndexState.Ended _ -> Optional.<IndexState.Running>empty();
        };
        if (next.isPresent() && !IndexEnds.isRestorable(tx, index)) {
            PointIndexes.drop(tx, index, now);
            return Optional.empty();
        }
        return next.map(running -> {
            var claimed = index.claimed().in(running);
            tx.indexJobs().update(claimed);
            return new Claim<>(claimed, running.lease(), now);
        });
    }

    @Override
    public void run(IndexJob index, Stint stint) {
        runner.run(index, stint);
    }

    @Override
    public boolean renew(Transaction tx, JobId id, Lease longer, Progress progress) {
        return tx.indexJobs().renew(id, longer, progress);
    }
}
