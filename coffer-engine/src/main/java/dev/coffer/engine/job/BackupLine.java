package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backup jobs: one waits while a backup or a copy of its resource runs, and ends if its start window is over before. */
final class BackupLine implements JobLine<BackupJob> {
    private static final Logger LOG = LoggerFactory.getLogger(BackupLine.class);
    private static final String BUSY = "Waiting for another job of the same resource.";
    private static final String BLOCKED = "Backup job failed because there was a running job for the same resource.";

    private final Catalog catalog;
    private final BackupRunner runner;
    private final Leases leases;
    private final Inventory inventory;
    private final Events events;
    private final JobObserver observer;

    BackupLine(
            Catalog catalog,
            BackupRunner runner,
            Leases leases,
            Inventory inventory,
            Events events,
            JobObserver observer) {
        this.catalog = catalog;
        this.runner = runner;
        this.leases = leases;
        this.inventory = inventory;
        this.events = events;
        this.observer = observer;
    }

    @Override
    public JobObserver.Kind kind() {
        return JobObserver.Kind.BACKUP;
    }

    @Override
    public int places(ResourceType type) {
        return JobLine.ofConnector(inventory, type);
    }

    @Override
    public List<BackupJob> due(View view, Instant now) {
        return view
                .backupJobs()
                .claimable(now, leases.runner().node(), leases.runner().start(), SEEN_AT_ONCE)
                .stream()
                .filter(job -> !(isBlocked(job) && resourceBusy(view, job)))
                .toList();
    }

    private static boolean resourceBusy(View view, BackupJob job) {
        return view.backupJobs().resourceBusy(job.scope(), job.resource(), job.id())
                || view.copyJobs().resourceBusy(job.scope(), job.resource(), job.id());
    }

    private static boolean isBlocked(BackupJob job) {
        return job.state() instanceof BackupState.Created(var _, var obstacle)
                && obstacle.filter(BUSY::equals).isPresent();
    }

    /** Ends jobs whose start window is over. */
    void expire() {
        var now = leases.now();
        for (var seen : catalog.read(view -> view.backupJobs().startWindowOver(now, SEEN_AT_ONCE))) {
            var expired = catalog.write(tx -> {
                var job = tx.backupJobs().find(seen.scope(), seen.id());
                if (job.isEmpty()
                        || !(job.get().state() instanceof BackupState.Created created)
                        || now.isBefore(job.get().startBy())) {
                    return Optional.<BackupJob>empty();
                }
                var message = isBlocked(job.get()) ? BLOCKED : BackupEnds.EXPIRED;
                var ended = job.get().in(created.windowMissed(now, message));
                var marked = UnfinishedPoint.dropOfWaiting(tx, ended);
                tx.backupJobs().update(ended);
                tx.continuous().settle(ended.id());
                tx.indexJobs().settle(ended.id());
                events.backupJob(ended, now).ifPresent(tx::emit);
                marked.ifPresent(point -> tx.emit(events.recoveryPoint(point, now)));
                return Optional.of(ended);
            });
            expired.ifPresent(job -> {
                LOG.atInfo()
                        .addKeyValue("event", "job.ended")
                        .addKeyValue("job", job.id())
                        .addKeyValue("state", job.state().wireName())
                        .addKeyValue("resource", job.resource())
                        .addKeyValue("obstacle", seen.statusMessage().orElse(""))
                        .log("backup job " + job.id() + " missed its start window");
                observer.ended(
                        JobObserver.Kind.BACKUP,
                        job.state().wireName(),
                        job.resourceType(),
                        Duration.between(job.createdAt(), now),
                        0);
            });
        }
    }

    @Override
    public Optional<Claim<BackupJob>> claim(Transaction tx, BackupJob seen) {
        var now = leases.now();
        var found = tx.backupJobs().find(seen.scope(), seen.id());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var job = found.get();
        return switch (job.state()) {
            case BackupState.Created created -> claimCreated(tx, job, created, now);
            case BackupState.Held held
            when leases.isFree(held.lease(), now) -> {
                var lease = leases.fresh(tx, now);
                var next = switch (held) {
                    case BackupState.Pending pending -> pending.claimedAgain(lease);
                    case BackupState.Running running -> running.claimedAgain(lease);
                    case BackupState.Aborting aborting -> aborting.renewed(lease);
                };
                var claimed = job.claimed().in(next);
                tx.backupJobs().update(claimed);
                yield Optional.of(new Claim<>(claimed, lease, now));
            }
            case BackupState.Held _, BackupState.Ended _ -> Optional.empty();
        };
    }

    private Optional<Claim<BackupJob>> claimCreated(
            Transaction tx, BackupJob job, BackupState.Created created, Instant now) {
        if (now.isBefore(created.notBefore()) || !now.isBefore(job.startBy())) {
            return Optional.empty();
        }
        if (resourceBusy(tx, job)) {
            if (!isBlocked(job)) {
                tx.backupJobs().update(job.in(new BackupState.Created(created.notBefore(), Optional.of(BUSY))));
            }
            return Optional.empty();
        }
        var lease = leases.fresh(tx, now);
        var claimed = job.claimed().in(created.claimedBy(lease));
        tx.backupJobs().update(claimed);
        events.backupJob(claimed, now).ifPresent(tx::emit);
        return Optional.of(new Claim<>(claimed, lease, now));
    }

    @Override
    public void run(BackupJob job, Stint stint) {
        runner.run(job, stint);
    }

    @Override
    public boolean renew(Transaction tx, JobId id, Lease longer, Progress progress) {
        return tx.backupJobs().renew(id, longer, progress);
    }

    @Override
    public void watch(BackupJob job, Stint stint) {
        var current = catalog.read(view -> view.backupJobs().find(job.scope(), job.id()));
        // As it is now: the completion window of a plan's job begins with its start.
        if (!leases.now().isBefore(current.orElse(job).completeBy())) {
            stint.recall(Stint.Recall.WINDOW_OVER);
        }
        if (current.filter(found -> found.state() instanceof BackupState.Aborting)
                .isPresent()) {
            stint.recall(Stint.Recall.STOPPED);
        }
    }
}
