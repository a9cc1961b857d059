package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of this process. Each step ends jobs whose start window is over, claims what is due by a lease and starts it on a thread of its own, as many of a type at once as its connector allows. A second loop
 * renews the leases, stores progress, and recalls jobs that were stopped, are out of time, or belong to another runner. Several dispatchers may share a catalog.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** How long a lease lasts after its last renewal. */
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration RENEW_AFTER = Duration.ofSeconds(10);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int SEEN_AT_ONCE = 1000;
    private static final String BUSY = "Waiting for another job of the same resource.";
    private static final String BLOCKED = "Backup job failed because there was a running job for the same resource.";

    private final Catalog catalog;
    private final Inventory inventory;
    private final RunnerId runner;
    private final InstantSource clock;
    private final Events events;
    private final BackupRunner backups;
    private final RestoreRunner restores;
    private final JobObserver observer;
    private final Map<ResourceType, Integer> jobsAtMost;
    private final Map<JobId, Running> runningById = new ConcurrentHashMap<>();
    private final Loop claiming = new Loop("jobs", PERIOD, this::tick);
    private final Loop watching = new Loop("job leases", PERIOD, this::watch);

    /** A job that runs in this process. */
    private record Running(Stint stint, JobObserver.Kind kind, Optional<BackupJob> backup, Thread thread) {}

    /** A dispatcher that does nothing before {@link #start}, and runs as many jobs of a type at once as the type's connector allows. */
    public Dispatcher(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            RunnerId runner,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            JobObserver observer) {
        this(catalog, repositories, inventory, runner, clock, ids, limits, observer, Map.of());
    }

    /**
     * A dispatcher that does nothing before {@link #start}.
     *
     * @param runner this process; its {@code start} must differ from that of every earlier start of the node
     * @param jobsAtMost how many backups, and how many restores, of a type may run at once in this process, where that is less than the connector allows
     */
    public Dispatcher(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            RunnerId runner,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            JobObserver observer,
            Map<ResourceType, Integer> jobsAtMost) {
        this.catalog = catalog;
        this.inventory = inventory;
        this.runner = runner;
        this.clock = clock;
        this.events = new Events(ids);
        this.observer = observer;
        this.jobsAtMost = Map.copyOf(jobsAtMost);
        this.backups = new BackupRunner(catalog, repositories, inventory, clock, events, observer);
        this.restores = new RestoreRunner(catalog, repositories, inventory, clock, events, limits, observer);
    }

    /** Starts the loops. */
    public void start() {
        claiming.start();
        watching.start();
    }

    /** Says that a job was created or stopped. */
    public void wake() {
        claiming.wake();
        watching.wake();
    }

    /** One step: expires, claims, starts. Called by one thread at a time. */
    public void tick() {
        expire();
        var now = clock.instant();
        for (var job : dueBackups(now)) {
            if (hasPlace(JobObserver.Kind.BACKUP, job.id(), job.resourceType())) {
                claim(job).ifPresent(this::beginBackup);
            }
        }
        for (var job : dueRestores(now)) {
            if (hasPlace(JobObserver.Kind.RESTORE, job.id(), job.resourceType())) {
                claim(job).ifPresent(this::beginRestore);
            }
        }
    }

    /** What can be claimed. Jobs that are known to wait for another one are looked at here, so that their waiting costs no transactions. */
    private List<BackupJob> dueBackups(Instant now) {
        return catalog.read(view ->
                view.backupJobs().claimable(now, runner.node(), runner.start(), SEEN_AT_ONCE).stream()
                        .filter(job -> !(isBlocked(job)
                                && view.backupJobs().resourceBusy(job.scope(), job.resource(), job.id())))
                        .toList());
    }

    /** What can be claimed; not those whose safety point is still being made. */
    private List<RestoreJob> dueRestores(Instant now) {
        return catalog.read(
                view -> view.restoreJobs().claimable(now, runner.node(), runner.start(), SEEN_AT_ONCE).stream()
                        .filter(job -> !SafetyPoint.underWay(view, job))
                        .toList());
    }

    private static boolean isBlocked(BackupJob job) {
        return job.state() instanceof BackupState.Created(var _, var obstacle)
                && obstacle.filter(BUSY::equals).isPresent();
    }

    private boolean hasPlace(JobObserver.Kind kind, JobId id, ResourceType type) {
        if (runningById.containsKey(id)) {
            return false;
        }
        long running = runningById.values().stream()
                .filter(one -> one.kind() == kind && one.stint().type() == type)
                .count();
        int places = inventory
                .connector(type)
                .map(ResourceConnector::spec)
                .map(ConnectorSpec::jobsAtOnce)
                .orElse(1);
        return running < Math.min(places, jobsAtMost.getOrDefault(type, Integer.MAX_VALUE));
    }

    private void expire() {
        var now = clock.instant();
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

    /** A job that this process holds now. */
    private record Claim<J>(J job, Lease lease, Instant at) {}

    private Optional<Claim<BackupJob>> claim(BackupJob seen) {
        return catalog.write(tx -> {
            var now = clock.instant();
            var found = tx.backupJobs().find(seen.scope(), seen.id());
            if (found.isEmpty()) {
                return Optional.<Claim<BackupJob>>empty();
            }
            var job = found.get();
            return switch (job.state()) {
                case BackupState.Created created -> claimCreated(tx, job, created, now);
                case BackupState.Held held
                when isFree(held.lease(), now) -> {
                    var lease = lease(tx, now);
                    var next = switch (held) {
                        case BackupState.Pending pending -> pending.claimedAgain(lease);
                        case BackupState.Running running -> running.claimedAgain(lease);
                        case BackupState.Aborting aborting -> aborting.renewed(lease);
                    };
                    var claimed = job.claimed().in(next);
                    tx.backupJobs().update(claimed);
                    yield Optional.of(new Claim<>(claimed, lease, now));
                }
                case BackupState.Held _, BackupState.Ended _ -> Optional.<Claim<BackupJob>>empty();
            };
        });
    }

    private Optional<Claim<BackupJob>> claimCreated(
            Transaction tx, BackupJob job, BackupState.Created created, Instant now) {
        if (now.isBefore(created.notBefore()) || !now.isBefore(job.startBy())) {
            return Optional.empty();
        }
        if (tx.backupJobs().resourceBusy(job.scope(), job.resource(), job.id())) {
            if (!isBlocked(job)) {
                tx.backupJobs().update(job.in(new BackupState.Created(created.notBefore(), Optional.of(BUSY))));
            }
            return Optional.empty();
        }
        var lease = lease(tx, now);
        var claimed = job.claimed().in(created.claimedBy(lease));
        tx.backupJobs().update(claimed);
        events.backupJob(claimed, now).ifPresent(tx::emit);
        return Optional.of(new Claim<>(claimed, lease, now));
    }

    private Optional<Claim<RestoreJob>> claim(RestoreJob seen) {
        return catalog.write(tx -> {
            var now = clock.instant();
            var found = tx.restoreJobs().find(seen.scope(), seen.id());
            if (found.isEmpty()) {
                return Optional.<Claim<RestoreJob>>empty();
            }
            var job = found.get();
            return switch (job.state()) {
                case RestoreState.Pending pending
                when !now.isBefore(pending.notBefore()) -> {
                    var lease = lease(tx, now);
                    var claimed = job.claimed().in(pending.claimedBy(lease, now));
                    tx.restoreJobs().update(claimed);
                    tx.emit(events.restoreJob(claimed, now));
                    yield Optional.of(new Claim<>(claimed, lease, now));
                }
                case RestoreState.Running running
                when isFree(running.lease(), now) -> {
                    var lease = lease(tx, now);
                    var claimed = job.claimed().in(running.claimedAgain(lease));
                    tx.restoreJobs().update(claimed);
                    yield Optional.of(new Claim<>(claimed, lease, now));
                }
                case RestoreState.Pending _, RestoreState.Running _, RestoreState.Ended _ ->
                    Optional.<Claim<RestoreJob>>empty();
            };
        });
    }

    private Lease lease(Transaction tx, Instant now) {
        return new Lease(runner, tx.backupJobs().nextEpoch(), now.plus(LEASE));
    }

    /** A lapsed lease is free, and so is one of an earlier start of this node, since only one process at a time is the node. */
    private boolean isFree(Lease lease, Instant now) {
        return lease.lapsedAt(now)
                || (lease.runner().node().equals(runner.node())
                        && !lease.runner().start().equals(runner.start()));
    }

    private void beginBackup(Claim<BackupJob> claim) {
        var job = claim.job();
        var stint = new Stint(job.id(), job.resourceType(), claim.lease(), claim.at(), job.progress());
        begin(stint, JobObserver.Kind.BACKUP, Optional.of(job), () -> backups.run(job, stint));
    }

    private void beginRestore(Claim<RestoreJob> claim) {
        var job = claim.job();
        var stint = new Stint(job.id(), job.resourceType(), claim.lease(), claim.at(), job.progress());
        begin(stint, JobObserver.Kind.RESTORE, Optional.empty(), () -> restores.run(job, stint));
    }

    private void begin(Stint stint, JobObserver.Kind kind, Optional<BackupJob> backup, Runnable work) {
        var name = kind.name().toLowerCase(Locale.ROOT) + " " + stint.job();
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (RuntimeException failure) {
                // The outcome could not be stored. The lease lapses, and the job is claimed again.
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("job", stint.job())
                        .log("a job's outcome could not be stored");
            } finally {
                runningById.remove(stint.job());
                claiming.wake();
            }
        });
        runningById.put(stint.job(), new Running(stint, kind, backup, thread));
        thread.start();
    }

    /** One step of the watch: renews leases, stores progress, recalls. Called by one thread at a time. */
    public void watch() {
        for (var running : List.copyOf(runningById.values())) {
            try {
                watch(running);
            } catch (RuntimeException failure) {
                // The next step comes in time for the lease.
                LOG.atWarn()
                        .setCause(failure)
                        .addKeyValue("job", running.stint().job())
                        .log("a lease could not be renewed");
            }
        }
    }

    private void watch(Running running) {
        var stint = running.stint();
        var now = clock.instant();
        if (running.backup().isPresent()) {
            var job = running.backup().get();
            var current = catalog.read(view -> view.backupJobs().find(job.scope(), job.id()));
            // As it is now: the completion window of a plan's job begins with its start.
            if (!now.isBefore(current.orElse(job).completeBy())) {
                stint.recall(Stint.Recall.WINDOW_OVER);
            }
            if (current.filter(found -> found.state() instanceof BackupState.Aborting)
                    .isPresent()) {
                stint.recall(Stint.Recall.STOPPED);
            }
        }
        var due = stint.due(now.minus(RENEW_AFTER), now.minus(PERIOD));
        if (due.isEmpty()) {
            return;
        }
        var longer = stint.lease().renewedUntil(now.plus(LEASE));
        boolean held = catalog.<Boolean>write(tx -> running.backup().isPresent()
                ? tx.backupJobs().renew(stint.job(), longer, due.get())
                : tx.restoreJobs().renew(stint.job(), longer, due.get()));
        if (held) {
            stint.renewed(longer, due.get(), now);
        } else {
            stint.recall(Stint.Recall.LEASE_LOST);
        }
    }

    /** How many jobs run in this process. */
    public int running() {
        return runningById.size();
    }

    /** Claims nothing more, recalls what runs and waits for it. What had not published goes on with its id at the next start. */
    @Override
    public void close() {
        claiming.close();
        watching.close();
        var last = List.copyOf(runningById.values());
        last.forEach(running -> running.stint().recall(Stint.Recall.CLOSING));
        boolean interrupted = false;
        for (var running : last) {
            while (running.thread().isAlive()) {
                try {
                    running.thread().join();
                } catch (InterruptedException hurried) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the jobs that run now. */
    void join() throws InterruptedException {
        for (var running : List.copyOf(runningById.values())) {
            running.thread().join();
        }
    }
}
