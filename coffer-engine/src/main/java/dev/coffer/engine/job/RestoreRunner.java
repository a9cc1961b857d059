package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.ProtectedResource.LatestRestore;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one claimed restore job to its end, or as far as it comes. Every outcome is one transaction that is made only while the lease holds. */
final class RestoreRunner {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreRunner.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final JobStore store;
    private final Repositories repositories;
    private final Inventory inventory;
    private final InstantSource clock;
    private final Events events;
    private final Limits limits;
    private final JobObserver observer;

    RestoreRunner(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            InstantSource clock,
            Events events,
            Limits limits,
            JobObserver observer) {
        this.store = new JobStore(catalog);
        this.repositories = repositories;
        this.inventory = inventory;
        this.clock = clock;
        this.events = events;
        this.limits = limits;
        this.observer = observer;
    }

    /**
     * Works on the job until it ends, is postponed, or is recalled. Runs on a thread of its own.
     *
     * @throws JobStore.Fault if the outcome could not be stored; the job goes on when its lease has lapsed
     */
    void run(RestoreJob job, Stint stint) {
        stint.countDoneAsTransferred();
        observer.started(JobObserver.Kind.RESTORE, job.resourceType());
        var remark = new AtomicReference<>(Optional.<String>empty());
        stint.run(
                () -> restore(job, stint, remark),
                restored -> complete(job, stint.lease(), restored, remark.get()),
                () -> handBack(job, stint),
                failure -> settle(job, stint, failure, remark.get()));
    }

    /** @param remark takes what the user is to read however the restore ends */
    private Restored restore(RestoreJob job, Stint stint, AtomicReference<Optional<String>> remark)
            throws InterruptedException {
        var scope = job.scope();
        if (job.copySourceTags() && !takesTags(job.resourceType())) {
            throw new SourceException.Impossible("Tags cannot be copied to restored resources of type "
                    + job.resourceType().wireName()
                    + ". Start the restore again with CopySourceTagsToRestoredResource set to false.");
        }
        var point = store.read(view -> view.recoveryPoints().find(scope, job.vault(), job.recoveryPoint()))
                .filter(found -> found.status().isRestorable())
                .orElseThrow(() -> new SourceException.NotFound("Cannot find recovery point " + job.recoveryPoint()
                        + ". It was deleted after the job was started."));
        var vault = store.read(view -> view.vaults().find(scope, job.vault()))
                .orElseThrow(
                        () -> new SourceException.NotFound("The backup vault " + job.vault() + " does not exist."));
        store.read(view -> Roles.objection(view.access(), scope.account(), job.role()))
                .ifPresent(problem -> {
                    throw new SourceException.Impossible(problem.message());
                });
        var connector = inventory
                .connector(job.resourceType())
                .orElseThrow(() ->
                        new SourceException.Impossible("Restore job failed because of an unsupported resource type: "
                                + job.resourceType().wireName() + "."));
        var metadata = RestoreJobService.folded(job.metadata());
        // The window is that of the request: it goes on while the job waits.
        var moment = store.read(view -> RestoreMoment.take(view, point, metadata, job.createdAt()));
        if (connector.safetyPoint(job.sourceResource(), metadata).isPresent()) {
            remark.set(Optional.of(SafetyPoint.told(store.read(view -> SafetyPoint.of(view, job)))));
        }
        var repository = repositories.open(scope, vault.name(), vault.id());
        if (moment.isPresent()) {
            var feed = connector
                    .changeFeed()
                    .orElseThrow(() -> new SourceException.Impossible("Continuous backups of type "
                            + job.resourceType().wireName() + " cannot be restored by this installation."));
            try (var marks = OpenMarks.of(repository, moment.get())) {
                return feed.restoreTo(moment.get().at(), request(job, marks.newest(), metadata), marks.marks(), stint);
            }
        }
        try (var reader = repository.open(new SessionId(point.sessionId()))) {
            return connector.restore(request(job, reader, metadata), reader, stint);
        }
    }

    private RestoreRequest request(RestoreJob job, RecoveryPointReader reader, Map<String, String> metadata) {
        Map<String, String> tags =
                job.copySourceTags() ? JobTags.ofUsers(reader.manifest().point().resourceTags()) : Map.of();
        return new RestoreRequest(
                job.id().value(),
                job.createdAt(),
                job.scope(),
                metadata,
                tags,
                inventory.targets(job.scope(), job.resourceType(), job.sourceResource()));
    }

    /** Whether AWS Backup can copy tags to what a restore of the type makes. */
    private static boolean takesTags(ResourceType type) {
        return switch (type) {
            case AURORA, EBS, EC2, EFS, RDS -> true;
            case DYNAMODB, S3 -> false;
        };
    }

    private void settle(RestoreJob job, Stint stint, RuntimeException failure, Optional<String> remark) {
        if (stint.leave().isPresent()) {
            // The fault is most likely the interruption's.
            handBack(job, stint);
        } else if (failure instanceof JobStore.Fault) {
            throw failure;
        } else {
            fail(job, stint.lease(), JobFailure.of(job.id(), failure), remark);
        }
    }

    private void complete(RestoreJob job, Lease lease, Restored restored, Optional<String> remark) {
        var now = clock.instant();
        var ended = store.write(tx -> {
            var current = held(tx, job, lease);
            if (current.isEmpty() || !(current.get().state() instanceof RestoreState.Running running)) {
                return Optional.<RestoreJob>empty();
            }
            var progress = new Progress(restored.bytes(), restored.bytes(), restored.bytes());
            var point = tx.recoveryPoints().find(job.scope(), job.vault(), job.recoveryPoint());
            boolean cold =
                    point.filter(found -> found.storage() == StorageClass.COLD).isPresent();
            var message = joined(Issues.of(restored, cold), remark);
            var completed = current.get().at(progress).in(running.completed(now, restored.resource(), message));
            tx.restoreJobs().update(completed);
            restored.created().ifPresent(source -> inventory.made(tx, source));
            point.map(found -> found.restoredAt(now)).ifPresent(tx.recoveryPoints()::put);
            tx.resources()
                    .findProtected(job.scope(), job.sourceResource())
                    .ifPresent(facts -> tx.resources()
                            .putProtected(
                                    job.scope(), restoredFacts(facts, completed, running.startedAt(), point, now)));
            tx.emit(events.restoreJob(completed, now));
            return Optional.of(completed);
        });
        ended.ifPresent(this::tell);
    }

    private static Optional<String> joined(Optional<String> one, Optional<String> other) {
        return Stream.of(one, other).flatMap(Optional::stream).reduce((a, b) -> a + " " + b);
    }

    private static ProtectedResource restoredFacts(
            ProtectedResource facts, RestoreJob job, Instant startedAt, Optional<RecoveryPoint> point, Instant now) {
        return new ProtectedResource(
                facts.arn(),
                facts.type(),
                facts.name(),
                facts.lastBackupAt(),
                facts.lastVault(),
                facts.lastRecoveryPoint(),
                Optional.of(new LatestRestore(
                        job.createdAt(),
                        Duration.between(startedAt, now).toMinutes(),
                        point.map(RecoveryPoint::createdAt).orElse(job.recoveryPointCreatedAt()))));
    }

    /** Lets this node's next start, or another node, go on at once. */
    private void handBack(RestoreJob job, Stint stint) {
        var now = clock.instant();
        store.<Boolean>write(
                tx -> tx.restoreJobs().renew(job.id(), stint.lease().renewedUntil(now), stint.progress()));
    }

    private void fail(RestoreJob job, Lease lease, JobFailure failure, Optional<String> remark) {
        var now = clock.instant();
        boolean again =
                failure.passing() && now.plus(PAUSE).isBefore(job.createdAt().plus(limits.restoreRetries()));
        var ended = store.write(tx -> {
            var current = held(tx, job, lease);
            if (current.isEmpty() || !(current.get().state() instanceof RestoreState.Running running)) {
                return Optional.<RestoreJob>empty();
            }
            var next = current.get()
                    .in(
                            again
                                    ? running.postponed(now.plus(PAUSE))
                                    : running.failed(
                                            now,
                                            joined(Optional.of(failure.message()), remark)
                                                    .orElseThrow()));
            tx.restoreJobs().update(next);
            tx.emit(events.restoreJob(next, now));
            return Optional.of(next).filter(_ -> !again);
        });
        ended.ifPresent(this::tell);
    }

    private static Optional<RestoreJob> held(Transaction tx, RestoreJob job, Lease lease) {
        return tx.restoreJobs().leaseHolds(job.id(), lease)
                ? tx.restoreJobs().find(job.scope(), job.id())
                : Optional.empty();
    }

    private void tell(RestoreJob job) {
        var at = job.completedAt().orElseThrow();
        LOG.atInfo()
                .addKeyValue("event", "job.ended")
                .addKeyValue("job", job.id())
                .addKeyValue("state", job.state().wireName())
                .addKeyValue("recovery_point", job.recoveryPoint())
                .addKeyValue("bytes", job.progress().doneBytes())
                .log("restore job " + job.id() + " " + job.state().wireName());
        observer.ended(
                JobObserver.Kind.RESTORE,
                job.state().wireName(),
                job.resourceType(),
                Duration.between(job.createdAt(), at),
                job.progress().doneBytes());
    }
}
