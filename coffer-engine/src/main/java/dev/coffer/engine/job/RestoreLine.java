package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.source.Inventory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The restore jobs. */
record RestoreLine(RestoreRunner runner, Leases leases, Inventory inventory, Events events)
        implements JobLine<RestoreJob> {
    @Override
    public JobObserver.Kind kind() {
        return JobObserver.Kind.RESTORE;
    }

    @Override
    public int places(ResourceType type) {
        return JobLine.ofConnector(inventory, type);
    }

    /** {@inheritDoc} Not those whose safety point is still being made. */
    @Override
    public List<RestoreJob> due(View view, Instant now) {
        return view
                .restoreJobs()
                .claimable(now, leases.runner().node(), leases.runner().start(), SEEN_AT_ONCE)
                .stream()
                .filter(job -> !SafetyPoint.underWay(view, job))
                .toList();
    }

    @Override
    public Optional<Claim<RestoreJob>> claim(Transaction tx, RestoreJob seen) {
        var now = leases.now();
        var found = tx.restoreJobs().find(seen.scope(), seen.id());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var job = found.get();
        return switch (job.state()) {
            case RestoreState.Pending pending
            when !now.isBefore(pending.notBefore()) -> {
                var lease = leases.fresh(tx, now);
                var claimed = job.claimed().in(pending.claimedBy(lease, now));
                tx.restoreJobs().update(claimed);
                tx.emit(events.restoreJob(claimed, now));
                yield Optional.of(new Claim<>(claimed, lease, now));
            }
            case RestoreState.Running running
            when leases.isFree(running.lease(), now) -> {
                var lease = leases.fresh(tx, now);
                var claimed = job.claimed().in(running.claimedAgain(lease));
                tx.restoreJobs().update(claimed);
                yield Optional.of(new Claim<>(claimed, lease, now));
            }
            case RestoreState.Pending _, RestoreState.Running _, RestoreState.Ended _ -> Optional.empty();
        };
    }

    @Override
    public void run(RestoreJob job, Stint stint) {
        runner.run(job, stint);
    }

    @Override
    public boolean renew(Transaction tx, JobId id, Lease longer, Progress progress) {
        return tx.restoreJobs().renew(id, longer, progress);
    }
}
