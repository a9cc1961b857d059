package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.Progress;
import dev.coffer.core.recoverypoint.CopyFacts;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.settings.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How copy jobs end, wait, or are handed on: each outcome is one transaction that is made only while the lease holds, or the end is left to whoever holds it. */
final class CopyEnds {
    private static final Logger LOG = LoggerFactory.getLogger(CopyEnds.class);

    private final JobStore store;
    private final PointDeletion deletion;
    private final InstantSource clock;
    private final Events events;
    private final Limits limits;
    private final JobObserver observer;

    CopyEnds(
            JobStore store,
            PointDeletion deletion,
            InstantSource clock,
            Events events,
            Limits limits,
            JobObserver observer) {
        this.store = store;
        this.deletion = deletion;
        this.clock = clock;
        this.events = events;
        this.limits = limits;
        this.observer = observer;
    }

    void complete(CopyJob job, Stint stint, Manifest manifest) {
        var now = clock.instant();
        var progress = new Progress(manifest.logicalBytes(), manifest.logicalBytes(), manifest.newBytes());
        var ended = store.write(tx -> {
            var current = held(tx, job, stint);
            if (current.isEmpty() || !(current.get().state() instanceof CopyState.Running running)) {
                return Optional.<CopyJob>empty();
            }
            var completed = current.get().at(progress).in(running.completed(now));
            put(tx, completed, now);
            var described = manifest.point();
            var from = CopyFacts.of(described.facts())
                    .orElseThrow(() -> new IllegalStateException("a copy does not say where it comes from"));
            var point = UnfinishedPoint.of(completed, described.createdAt(), from.originalVault(), running.startedAt())
                    .completed(now, manifest.logicalBytes(), manifest.newBytes());
            tx.recoveryPoints().put(point);
            tx.tags().put(point.arn(), PointFacts.ofMap(described.facts()).tags());
            if (!point.scope().equals(job.scope())) {
                protect(tx, point);
            }
            tx.emit(events.recoveryPoint(point, now));
            return Optional.of(completed);
        });
        ended.ifPresent(this::tell);
    }

    /** In the account and Region of a copy its resource is protected from now on. Where it was backed up, it is already. */
    private static void protect(Transaction tx, RecoveryPoint copy) {
        var known = tx.resources().findProtected(copy.scope(), copy.resource());
        if (known.filter(found -> !found.lastBackupAt().isBefore(copy.createdAt()))
                .isPresent()) {
            return;
        }
        tx.resources()
                .putProtected(
                        copy.scope(),
                        new ProtectedResource(
                                copy.resource(),
                                copy.resourceType(),
                                copy.resourceName(),
                                copy.createdAt(),
                                Arn.ofVault(copy.scope(), copy.vault().value()),
                                copy.arn(),
                                known.flatMap(ProtectedResource::latestRestore)));
    }

    /** Lets this node's next start, or another node, go on at once. */
    void handBack(CopyJob job, Stint stint) {
        var lapsed = stint.lease().renewedUntil(clock.instant());
        store.<Boolean>write(tx -> tx.copyJobs().renew(job.id(), lapsed, stint.progress()));
    }

    void settle(CopyJob job, Stint stint, RuntimeException failure) {
        if (stint.leave().isPresent()) {
            // The fault is most likely the interruption's.
            handBack(job, stint);
        } else if (failure instanceof JobStore.Fault) {
            throw failure;
        } else {
            fail(job, stint, JobFailure.of(job.id(), failure));
        }
    }

    /** A failed job, and its point if that has to be forgotten. */
    private record End(CopyJob job, Optional<RecoveryPoint> marked) {}

    private void fail(CopyJob job, Stint stint, JobFailure failure) {
        var now = clock.instant();
        var next = now.plus(BackupEnds.pause(job.attempts()));
        boolean again = failure.passing() && next.isBefore(job.createdAt().plus(limits.copyRetries()));
        var message = failure.message().equals(JobFailure.INTERNAL) ? CopyJob.FATAL : failure.message();
        boolean mayBeStored = stint.published() || job.attempts() > 1;
        var end = store.write(tx -> {
            var current = held(tx, job, stint);
            if (current.isEmpty() || !(current.get().state() instanceof CopyState.Running running)) {
                return Optional.<End>empty();
            }
            if (again) {
                tx.copyJobs().update(current.get().in(running.postponed(next, message)));
                unfinished(tx, job).filter(_ -> !mayBeStored).ifPresent(tx.recoveryPoints()::delete);
                return Optional.<End>empty();
            }
            var failed = current.get().in(running.failed(now, message));
            put(tx, failed, now);
            var marked = unfinished(tx, job).flatMap(point -> UnfinishedPoint.drop(tx, point, mayBeStored));
            marked.ifPresent(point -> tx.emit(events.recoveryPoint(point, now)));
            return Optional.of(new End(failed, marked));
        });
        end.ifPresent(one -> {
            tell(one.job());
            one.marked().ifPresent(marked -> UnfinishedPoint.forget(deletion, marked));
        });
    }

    /** The copy as far as it is shown; it is from before anything of it is stored. */
    private static Optional<RecoveryPoint> unfinished(Transaction tx, CopyJob job) {
        return tx.recoveryPoints()
                .find(job.destination().scope(), job.destination().name(), job.copy())
                .filter(point -> point.completedAt().isEmpty());
    }

    /** Stores the job, with its event. */
    private void put(Transaction tx, CopyJob job, Instant now) {
        tx.copyJobs().update(job);
        tx.emit(events.copyJob(job, now));
    }

    /** The job, if the lease still holds. */
    static Optional<CopyJob> held(Transaction tx, CopyJob job, Stint stint) {
        return tx.copyJobs().leaseHolds(job.id(), stint.lease())
                ? tx.copyJobs().find(job.scope(), job.id())
                : Optional.empty();
    }

    private void tell(CopyJob job) {
        var at = job.completedAt().orElseThrow();
        LOG.atInfo()
                .addKeyValue("event", "job.ended")
                .addKeyValue("job", job.id())
                .addKeyValue("state", job.state().wireName())
                .addKeyValue("recovery_point", job.recoveryPoint())
                .addKeyValue("destination", job.destination())
                .addKeyValue("bytes", job.progress().doneBytes())
                .addKeyValue("new_bytes", job.progress().transferredBytes())
                .addKeyValue("message", job.statusMessage().orElse(""))
                .log("copy job " + job.id() + " " + job.state().wireName());
        observer.ended(
                JobObserver.Kind.COPY,
                job.state().wireName(),
                job.resourceType(),
                Duration.between(job.createdAt(), at),
                job.progress().doneBytes());
    }
}
