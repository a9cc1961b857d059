package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.Events;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;

/** The copy jobs. One waits while a backup or another copy of its resource runs, and while too many copies go into its Region. */
record CopyLine(CopyRunner runner, Leases leases, Events events) implements JobLine<CopyJob> {
    private static final int AT_ONCE = 4;
    /** AWS's quota of copies of an account into a Region. */
    private static final int INTO_A_REGION = 100;

    @Override
    public JobObserver.Kind kind() {
        return JobObserver.Kind.COPY;
    }

    @Override
    public int places(ResourceType type) {
        return AT_ONCE;
    }

    /** {@inheritDoc} Of each type no more that wait than there are places, so that a long queue costs no more to look at than a short one. */
    @Override
    public List<CopyJob> due(View view, Instant now) {
        var due = new ArrayList<CopyJob>();
        var waitingByType = new EnumMap<ResourceType, Integer>(ResourceType.class);
        for (var job : view.copyJobs()
                .claimable(now, leases.runner().node(), leases.runner().start(), SEEN_AT_ONCE)) {
            if (job.state() instanceof CopyState.Running) {
                due.add(job);
            } else if (waitingByType.getOrDefault(job.resourceType(), 0) < AT_ONCE && !mustWait(view, job, now)) {
                waitingByType.merge(job.resourceType(), 1, Integer::sum);
                due.add(job);
            }
        }
        return due;
    }

    private static boolean mustWait(View view, CopyJob job, Instant now) {
        return view.backupJobs().resourceBusy(job.scope(), job.resource(), job.id())
                || view.copyJobs().resourceBusy(job.scope(), job.resource(), job.id())
                || view.copyJobs()
                                .heldInto(
                                        job.scope().account(),
                                        job.destination().scope().region(),
                                        now)
                        >= INTO_A_REGION;
    }

    @Override
    public Optional<Claim<CopyJob>> claim(Transaction tx, CopyJob seen) {
        var now = leases.now();
        var found = tx.copyJobs().find(seen.scope(), seen.id());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var job = found.get();
        return switch (job.state()) {
            case CopyState.Created created
            when !now.isBefore(created.notBefore()) && !mustWait(tx, job, now) -> {
                var lease = leases.fresh(tx, now);
                var claimed = job.claimed().in(created.claimedBy(lease, now));
                tx.copyJobs().update(claimed);
                tx.emit(events.copyJob(claimed, now));
                yield Optional.of(new Claim<>(claimed, lease, now));
            }
            case CopyState.Running running
            when leases.isFree(running.lease(), now) -> {
                var lease = leases.fresh(tx, now);
                var claimed = job.claimed().in(running.claimedAgain(lease));
                tx.copyJobs().update(claimed);
                yield Optional.of(new Claim<>(claimed, lease, now));
            }
            case CopyState.Created _, CopyState.Running _, CopyState.Ended _ -> Optional.empty();
        };
    }

    @Override
    public void run(CopyJob job, Stint stint) {
        runner.run(job, stint);
    }

    @Override
    public boolean renew(Transaction tx, JobId id, Lease longer, Progress progress) {
        return tx.copyJobs().renew(id, longer, progress);
    }
}
