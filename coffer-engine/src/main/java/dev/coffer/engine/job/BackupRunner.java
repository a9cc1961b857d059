package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Source;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one claimed backup job to its end, or as far as it comes. Every outcome is one transaction that is made only while the lease holds. The repository session has the job's id, so that a repeat after a crash finds what the first
 * run has stored, and makes the same recovery point.
 */
final class BackupRunner {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRunner.class);
    /** AWS's text for a job whose window is over. */
    static final String EXPIRED = "Backup job expired before completion.";

    private static final int NAMED_IN_MESSAGE = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Inventory inventory;
    private final InstantSource clock;
    private final Events events;
    private final JobObserver observer;

    BackupRunner(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            InstantSource clock,
            Events events,
            JobObserver observer) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.inventory = inventory;
        this.clock = clock;
        this.events = events;
        this.observer = observer;
    }

    /** The lease was lost between capture and manifest. */
    private static final class NotPublished extends RuntimeException {
        NotPublished() {
            super("the job is no longer this runner's");
        }
    }

    /** All that a capture needs. */
    private record Work(Vault vault, Source source, ResourceConnector connector, ResourceFacts facts, Tags tags) {}

    /** Works on the job until it ends, is postponed, or is recalled. Runs on a thread of its own. */
    void run(BackupJob job, Stint stint) {
        stint.begin();
        try {
            if (job.state() instanceof BackupState.Aborting) {
                stint.leave();
                abort(job, stint.lease());
                return;
            }
            var work = prepare(job);
            var running = started(job, stint);
            if (running.isEmpty()) {
                stint.leave();
                conclude(job, stint);
                return;
            }
            var manifest = capture(running.get(), work, stint);
            stint.leave();
            complete(running.get(), stint.lease(), work, manifest);
        } catch (InterruptedException | NotPublished recalled) {
            stint.leave();
            conclude(job, stint);
        } catch (RuntimeException failure) {
            var recall = stint.leave();
            if (recall.isPresent()) {
                // The fault is most likely the interruption's; what the recall asks for is done in any case.
                conclude(job, stint);
            } else {
                fail(job, stint.lease(), JobFailure.of(job.id(), failure));
            }
        }
    }

    private Work prepare(BackupJob job) throws InterruptedException {
        var scope = job.scope();
        var vault = catalog.read(view -> view.vaults().find(scope, job.vault()))
                .orElseThrow(() -> new SourceException.Impossible("Backup job failed because backup vault "
                        + Arn.ofVault(scope, job.vault().value()) + " does not exist."));
        var source = inventory
                .find(scope, job.resource())
                .orElseThrow(() -> new SourceException.NotFound("The resource " + job.resource()
                        + " does not exist. Nothing in the configuration has this ARN."));
        var assumable = catalog.read(view -> Roles.objection(view.access(), scope.account(), job.role()));
        if (assumable.isPresent()) {
            throw new SourceException.Impossible(assumable.get().message());
        }
        var connector = inventory
                .connector(job.resourceType())
                .orElseThrow(() -> new SourceException.Impossible("Backup job failed because of an unsupported resource type: "
                        + job.resourceType().wireName() + "."));
        var facts = connector.describe(source);
        return new Work(vault, source, connector, facts, Tags.of(facts.tags()).with(job.pointTags()));
    }

    /** Notes that data begins to move, and shows the recovery point; empty if the job is no longer this runner's to start. */
    private Optional<BackupJob> started(BackupJob job, Stint stint) {
        var now = clock.instant();
        return catalog.write(tx -> {
            var current = tx.backupJobs().find(job.scope(), job.id());
            if (current.isEmpty() || !tx.backupJobs().leaseHolds(job.id(), stint.lease())) {
                return Optional.<BackupJob>empty();
            }
            return switch (current.get().state()) {
                case BackupState.Pending pending -> {
                    var running = current.get().in(pending.started(now));
                    put(tx, running, now);
                    tx.recoveryPoints().put(point(running));
                    yield Optional.of(running);
                }
                case BackupState.Running _ -> current;
                case BackupState.Created _, BackupState.Aborting _, BackupState.Ended _ -> Optional.<BackupJob>empty();
            };
        });
    }

    private static RecoveryPoint point(BackupJob job) {
        return new RecoveryPoint(
                job.scope(),
                job.vault(),
                job.recoveryPoint(),
                session(job).value(),
                job.resource(),
                job.resourceType(),
                job.resourceName(),
                job.role(),
                RecoveryPointStatus.CREATING,
                job.createdAt(),
                job.initiatedAt(),
                Optional.empty(),
                0,
                0,
                job.lifecycle(),
                Optional.empty());
    }

    private static SessionId session(BackupJob job) {
        return new SessionId(job.id().value());
    }

    private Manifest capture(BackupJob job, Work work, Stint stint) throws InterruptedException {
        var repository =
                repositories.open(work.vault().scope(), work.vault().name(), work.vault().id());
        var parent = catalog.read(view -> view.recoveryPoints().latestCompleted(job.scope(), job.vault(), job.resource()))
                .map(point -> new SessionId(point.sessionId()));
        var description = new PointDescription(
                job.recoveryPoint().toString(),
                job.resource().toString(),
                job.resourceType().wireName(),
                job.resourceName(),
                job.createdAt(),
                work.facts().restoreMetadata(),
                work.facts().tags());
        return repository.write(
                session(job),
                description,
                parent,
                session -> {
                    stint.countNewBytes(session);
                    return work.connector().capture(work.source(), session, stint);
                },
                () -> {
                    boolean mine = stint.publish()
                            && catalog.<Boolean>write(tx -> tx.backupJobs().leaseHolds(job.id(), stint.lease()));
                    if (!mine) {
                        throw new NotPublished();
                    }
                });
    }

    private void complete(BackupJob job, Lease lease, Work work, Manifest manifest) {
        var now = clock.instant();
        var progress = new Progress(manifest.logicalBytes(), manifest.logicalBytes(), manifest.newBytes());
        var ended = catalog.write(tx -> {
            var current = tx.backupJobs().find(job.scope(), job.id());
            if (current.isEmpty()
                    || !tx.backupJobs().leaseHolds(job.id(), lease)
                    || !(current.get().state() instanceof BackupState.Running running)) {
                return Optional.<BackupJob>empty();
            }
            var completed = current.get().at(progress).in(running.completed(now, issues(manifest.summary())));
            put(tx, completed, now);
            var point = tx.recoveryPoints()
                    .find(job.scope(), job.vault(), job.recoveryPoint())
                    .orElseGet(() -> point(completed))
                    .completed(now, manifest.logicalBytes(), manifest.newBytes());
            tx.recoveryPoints().put(point);
            tx.tags().put(point.arn(), work.tags());
            tx.resources().putProtected(job.scope(), facts(tx, completed));
            tx.emit(events.recoveryPoint(point, now));
            return Optional.of(completed);
        });
        if (ended.isPresent()) {
            tell(ended.get());
        } else {
            // Stopped after its manifest was durable, or another runner's by now.
            abort(job, lease);
        }
    }

    private static ProtectedResource facts(Transaction tx, BackupJob job) {
        var latestRestore = tx.resources()
                .findProtected(job.scope(), job.resource())
                .flatMap(ProtectedResource::latestRestore);
        return new ProtectedResource(
                job.resource(),
                job.resourceType(),
                job.resourceName(),
                job.createdAt(),
                Arn.ofVault(job.scope(), job.vault().value()),
                job.recoveryPoint(),
                latestRestore);
    }

    /** What a user reads about items that are not in the recovery point as they were. */
    static Optional<String> issues(CaptureSummary summary) {
        if (summary.skippedItems() == 0) {
            return Optional.empty();
        }
        var named = summary.skipped().stream()
                .limit(NAMED_IN_MESSAGE)
                .map(item -> item.path() + " (" + item.reason() + ")")
                .collect(Collectors.joining(", "));
        long more = summary.skippedItems() - Math.min(NAMED_IN_MESSAGE, summary.skipped().size());
        return Optional.of("Completed with issues: " + summary.skippedItems()
                + (summary.skippedItems() == 1 ? " item was" : " items were")
                + " not captured as they are: " + named + (more > 0 ? ", and " + more + " more." : "."));
    }

    /** Ends the work of a recalled stint as its recall asks. */
    private void conclude(BackupJob job, Stint stint) {
        var recall = stint.recalled();
        if (recall.isPresent() && recall.get() == Stint.Recall.WINDOW_OVER) {
            endHeld(job, stint.lease(), (running, now) -> running.windowOver(now, EXPIRED));
        } else if (recall.isPresent() && recall.get() == Stint.Recall.CLOSING) {
            // Lets another node go on at once; the job keeps its state and its id.
            var now = clock.instant();
            catalog.<Boolean>write(tx ->
                    tx.backupJobs().renew(job.id(), stint.lease().renewedUntil(now), stint.progress()));
        } else {
            abort(job, stint.lease());
        }
    }

    /** If the job was asked to stop and is still this runner's, ends it; else leaves it alone. */
    private void abort(BackupJob job, Lease lease) {
        if (!stopAsked(job, lease)) {
            return;
        }
        forget(job);
        var now = clock.instant();
        var ended = catalog.write(tx -> {
            var current = tx.backupJobs().find(job.scope(), job.id());
            if (current.isEmpty()
                    || !tx.backupJobs().leaseHolds(job.id(), lease)
                    || !(current.get().state() instanceof BackupState.Aborting aborting)) {
                return Optional.<BackupJob>empty();
            }
            return Optional.of(endWithoutPoint(tx, current.get().in(aborting.aborted(now)), now));
        });
        ended.ifPresent(this::tell);
    }

    private boolean stopAsked(BackupJob job, Lease lease) {
        return catalog.<Boolean>write(tx -> tx.backupJobs().leaseHolds(job.id(), lease)
                && tx.backupJobs()
                        .find(job.scope(), job.id())
                        .filter(current -> current.state() instanceof BackupState.Aborting)
                        .isPresent());
    }

    /** Takes back a manifest that a stop came too late for. */
    private void forget(BackupJob job) {
        try {
            var vault = catalog.read(view -> view.vaults().find(job.scope(), job.vault()));
            if (vault.isPresent()) {
                repositories
                        .open(job.scope(), vault.get().name(), vault.get().id())
                        .forget(session(job));
            }
        } catch (RepositoryException.NotFound gone) {
            LOG.atDebug().setCause(gone).log("the vault of a stopped job is gone");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** A final state of a running job. */
    private interface Ending {
        BackupState.Ended of(BackupState.Running running, Instant now);
    }

    private void endHeld(BackupJob job, Lease lease, Ending ending) {
        var now = clock.instant();
        var ended = catalog.write(tx -> {
            var current = tx.backupJobs().find(job.scope(), job.id());
            if (current.isEmpty() || !tx.backupJobs().leaseHolds(job.id(), lease)) {
                return Optional.<BackupJob>empty();
            }
            return switch (current.get().state()) {
                case BackupState.Pending pending ->
                    Optional.of(endWithoutPoint(
                            tx, current.get().in(ending.of(pending.started(now), now)), now));
                case BackupState.Running running ->
                    Optional.of(endWithoutPoint(tx, current.get().in(ending.of(running, now)), now));
                case BackupState.Aborting aborting ->
                    Optional.of(endWithoutPoint(tx, current.get().in(aborting.aborted(now)), now));
                case BackupState.Created _, BackupState.Ended _ -> Optional.<BackupJob>empty();
            };
        });
        ended.ifPresent(this::tell);
    }

    private void fail(BackupJob job, Lease lease, JobFailure failure) {
        if (!failure.passing() || !postponed(job, lease, failure)) {
            endHeld(job, lease, (running, now) -> running.failed(now, failure.message()));
        }
    }

    /** Lets the job try again later, if its start window allows. */
    private boolean postponed(BackupJob job, Lease lease, JobFailure failure) {
        var now = clock.instant();
        var next = now.plus(pause(job.attempts()));
        if (!next.isBefore(job.startBy())) {
            return false;
        }
        return catalog.<Boolean>write(tx -> {
            var current = tx.backupJobs().find(job.scope(), job.id());
            if (current.isEmpty() || !tx.backupJobs().leaseHolds(job.id(), lease)) {
                return true;
            }
            switch (current.get().state()) {
                case BackupState.Pending pending ->
                    put(tx, current.get().in(pending.postponed(next, failure.message())), now);
                case BackupState.Running running -> {
                    tx.recoveryPoints().delete(point(current.get()));
                    put(tx, current.get().in(running.postponed(next, failure.message())), now);
                }
                case BackupState.Created _, BackupState.Aborting _, BackupState.Ended _ -> {
                    return false;
                }
            }
            return true;
        });
    }

    private static Duration pause(int attempts) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private BackupJob endWithoutPoint(Transaction tx, BackupJob ended, Instant now) {
        tx.recoveryPoints().delete(point(ended));
        put(tx, ended, now);
        return ended;
    }

    private void put(Transaction tx, BackupJob job, Instant now) {
        tx.backupJobs().update(job);
        events.backupJob(job, now).ifPresent(tx::emit);
    }

    private void tell(BackupJob job) {
        var at = job.completedAt().orElseThrow();
        LOG.atInfo()
                .addKeyValue("event", "job.ended")
                .addKeyValue("job", job.id())
                .addKeyValue("state", job.state().wireName())
                .addKeyValue("resource", job.resource())
                .addKeyValue("vault", job.vault())
                .addKeyValue("bytes", job.progress().doneBytes())
                .addKeyValue("new_bytes", job.progress().transferredBytes())
                .addKeyValue("message", job.statusMessage().orElse(""))
                .log("backup job " + job.id() + " " + job.state().wireName());
        observer.ended(
                JobObserver.Kind.BACKUP,
                job.state().wireName(),
                job.resourceType(),
                Duration.between(job.createdAt(), at),
                job.progress().doneBytes());
    }
}
