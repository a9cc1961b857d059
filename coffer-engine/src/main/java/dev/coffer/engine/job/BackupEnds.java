package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.Progress;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.PointIndexes;
import dev.coffer.engine.recoverypoint.SeriesStops;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How backup jobs end, wait, or are handed on: each outcome is one transaction that is made only while the lease holds, or the end is left to whoever holds it. */
final class BackupEnds {
    private static final Logger LOG = LoggerFactory.getLogger(BackupEnds.class);
    /** AWS's text for a job whose window is over. */
    static final String EXPIRED = "Backup job expired before completion.";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 10;

    private final JobStore store;
    private final PointDeletion deletion;
    private final InstantSource clock;
    private final Events events;
    private final CopyJobCreation copies;
    private final PointIndexes indexes;
    private final JobObserver observer;

    BackupEnds(
            JobStore store,
            PointDeletion deletion,
            InstantSource clock,
            Events events,
            CopyJobCreation copies,
            PointIndexes indexes,
            JobObserver observer) {
        this.store = store;
        this.deletion = deletion;
        this.clock = clock;
        this.events = events;
        this.copies = copies;
        this.indexes = indexes;
        this.observer = observer;
    }

    /** An ended job, and its point if that has to be forgotten. */
    private record End(BackupJob job, Optional<RecoveryPoint> marked) {}

    void complete(BackupResult.Stored stored, Stint stint) {
        var job = stored.job();
        var manifest = stored.manifest();
        var now = clock.instant();
        var progress = new Progress(manifest.logicalBytes(), manifest.logicalBytes(), manifest.newBytes());
        var ended = store.write(tx -> {
            var current = held(tx, job, stint);
            if (current.isEmpty() || !(current.get().state() instanceof BackupState.Running running)) {
                return Optional.<BackupJob>empty();
            }
            var completed = current.get()
                    .at(progress)
                    .in(running.completed(now, stored.message().or(() -> Issues.of(manifest.summary()))));
            boolean indexed = tx.indexJobs().isWanted(job.id());
            put(tx, completed, now);
            var point = tx.recoveryPoints()
                    .find(job.scope(), job.vault(), job.recoveryPoint())
                    .orElseGet(() -> UnfinishedPoint.of(completed))
                    .completed(now, manifest.logicalBytes(), manifest.newBytes());
            var mark = MarkFacts.of(manifest.point().facts());
            if (mark.isPresent()) {
                point = point.withStatus(RecoveryPointStatus.AVAILABLE);
                follow(tx, completed, mark.get(), mark.get().mark(manifest), now);
            }
            tx.recoveryPoints().put(point);
            tx.tags().put(point.arn(), JobTags.ofPoint(manifest.point().resourceTags(), job.pointTags()));
            tx.resources().putProtected(job.scope(), facts(tx, completed));
            tx.emit(events.recoveryPoint(point, now));
            copies.follow(tx, completed, point, now);
            if (indexed) {
                indexes.afterBackup(tx, point, completed.role(), now);
            }
            return Optional.of(completed);
        });
        if (ended.isPresent()) {
            tell(ended.get());
        } else {
            takeBack(job, stint);
        }
    }

    /** Lists the series that begins with the job's mark. One that was followed before gives way: its retention was another one. */
    private void follow(Transaction tx, BackupJob job, MarkFacts facts, Mark mark, Instant now) {
        var stops = new SeriesStops(events);
        tx.continuous().ofResource(job.scope(), job.resource()).stream()
                .filter(series ->
                        series.standing().isFollowed() && !series.point().equals(job.recoveryPoint()))
                .forEach(series -> stops.end(
                        tx,
                        series,
                        "The retention of the backup rule was changed; " + job.recoveryPoint() + " goes on instead.",
                        now));
        var series = new Series(
                job.scope(),
                job.vault(),
                job.recoveryPoint(),
                job.resource(),
                job.resourceType(),
                facts.firstSession(),
                ContinuousAim.days(job),
                job.options(),
                new Standing.Followed(Optional.empty()),
                facts.position(),
                now,
                Optional.of(now),
                0,
                Optional.empty());
        tx.continuous().put(series);
        tx.continuous().put(series, mark);
    }

    void complete(BackupResult.WentOn wentOn, Stint stint) {
        var job = wentOn.job();
        var now = clock.instant();
        var ended = store.write(tx -> {
            var current = held(tx, job, stint);
            if (current.isEmpty() || !(current.get().state() instanceof BackupState.Running running)) {
                return Optional.<BackupJob>empty();
            }
            // What an earlier run of the job began, before there was a series.
            tx.recoveryPoints().delete(UnfinishedPoint.of(current.get()));
            var completed = current.get()
                    .at(wentOn.progress())
                    .making(wentOn.series().point())
                    .in(running.completed(now, wentOn.message()));
            boolean indexed = tx.indexJobs().isWanted(job.id());
            put(tx, completed, now);
            tx.resources().putProtected(job.scope(), facts(tx, completed));
            tx.recoveryPoints()
                    .find(job.scope(), job.vault(), completed.recoveryPoint())
                    .ifPresent(point -> {
                        copies.follow(tx, completed, point, now);
                        if (indexed) {
                            indexes.afterBackup(tx, point, completed.role(), now);
                        }
                    });
            return Optional.of(completed);
        });
        if (ended.isPresent()) {
            tell(ended.get());
        } else {
            conclude(job, stint);
        }
    }

    private static ProtectedResource facts(Transaction tx, BackupJob job) {
        var latestRestore =
                tx.resources().findProtected(job.scope(), job.resource()).flatMap(ProtectedResource::latestRestore);
        return new ProtectedResource(
                job.resource(),
                job.resourceType(),
                job.resourceName(),
                job.createdAt(),
                Arn.ofVault(job.scope(), job.vault().value()),
                job.recoveryPoint(),
                latestRestore);
    }

    /** The manifest is stored and came too late: the job was stopped, or another runner ended it. Only what another run has completed, or still works on, stays. */
    private void takeBack(BackupJob job, Stint stint) {
        abort(job, stint);
        var now = clock.instant();
        store.write(tx -> {
                    var marked = tx.backupJobs()
                            .find(job.scope(), job.id())
                            .filter(current -> current.state() instanceof BackupState.Ended
                                    && !(current.state() instanceof BackupState.Completed))
                            .flatMap(current -> UnfinishedPoint.drop(tx, current, true));
                    marked.ifPresent(point -> tx.emit(events.recoveryPoint(point, now)));
                    return marked;
                })
                .ifPresent(marked -> UnfinishedPoint.forget(deletion, marked));
    }

    /** Ends the work of a recalled stint as its recall asks. */
    void conclude(BackupJob job, Stint stint) {
        var recall = stint.recalled();
        if (recall.isEmpty()) {
            abort(job, stint);
            return;
        }
        switch (recall.get()) {
            case WINDOW_OVER -> end(job, stint, running -> Optional.of(running.windowOver(clock.instant(), EXPIRED)));
            case STOPPED, LEASE_LOST -> abort(job, stint);
            case CLOSING -> {
                // Lets another node go on at once; the job keeps its state and its id.
                var lapsed = stint.lease().renewedUntil(clock.instant());
                store.<Boolean>write(tx -> tx.backupJobs().renew(job.id(), lapsed, stint.progress()));
            }
        }
    }

    void settle(BackupJob job, Stint stint, RuntimeException failure) {
        if (stint.leave().isPresent()) {
            // The fault is most likely the interruption's; what the recall asks for is done in any case.
            conclude(job, stint);
        } else if (failure instanceof JobStore.Fault) {
            throw failure;
        } else {
            fail(job, stint, JobFailure.of(job.id(), failure));
        }
    }

    /** If the job was asked to stop and is still this runner's, ends it; else leaves it alone. */
    private void abort(BackupJob job, Stint stint) {
        end(job, stint, _ -> Optional.empty());
    }

    /**
     * Ends the job if it is still this runner's. One that was asked to stop ends as that.
     *
     * @param ending the final state of one that was not; empty if it goes on
     */
    private void end(
            BackupJob job, Stint stint, Function<BackupState.Running, Optional<? extends BackupState.Ended>> ending) {
        var now = clock.instant();
        var end = store.write(tx -> held(tx, job, stint).flatMap(current -> {
            Optional<? extends BackupState.Ended> state = switch (current.state()) {
                case BackupState.Aborting aborting -> Optional.of(aborting.aborted(now));
                case BackupState.Pending pending -> ending.apply(pending.started(now));
                case BackupState.Running running -> ending.apply(running);
                case BackupState.Created _, BackupState.Ended _ -> Optional.<BackupState.Ended>empty();
            };
            return state.map(ended -> {
                var last = current.in(ended);
                var marked = UnfinishedPoint.drop(tx, last, stint.published() || current.attempts() > 1);
                put(tx, last, now);
                marked.ifPresent(point -> tx.emit(events.recoveryPoint(point, now)));
                return new End(last, marked);
            });
        }));
        if (end.isPresent()) {
            tell(end.get().job());
            end.get().marked().ifPresent(marked -> UnfinishedPoint.forget(deletion, marked));
        }
    }

    private void fail(BackupJob job, Stint stint, JobFailure failure) {
        if (!failure.passing() || !postponed(job, stint, failure)) {
            end(job, stint, running -> Optional.of(running.failed(clock.instant(), failure.message())));
        }
    }

    /** Lets the job try again later, if its start window allows. */
    private boolean postponed(BackupJob job, Stint stint, JobFailure failure) {
        var now = clock.instant();
        var next = now.plus(pause(job.attempts()));
        if (!next.isBefore(job.startBy()) || !next.isBefore(job.completeBy())) {
            return false;
        }
        return store.<Boolean>write(tx -> {
            var current = held(tx, job, stint);
            if (current.isEmpty()) {
                return false;
            }
            switch (current.get().state()) {
                case BackupState.Pending pending ->
                    put(tx, current.get().in(pending.postponed(next, failure.message())), now);
                case BackupState.Running running -> {
                    if (!stint.published()) {
                        tx.recoveryPoints().delete(UnfinishedPoint.of(current.get()));
                    }
                    put(tx, current.get().in(running.postponed(next, failure.message())), now);
                }
                case BackupState.Created _, BackupState.Aborting _, BackupState.Ended _ -> {
                    return false;
                }
            }
            return true;
        });
    }

    /** How long a job waits that has met a passing fault. */
    static Duration pause(int attempts) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(attempts - 1L, 0, DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** Stores the job, with its event. */
    void put(Transaction tx, BackupJob job, Instant now) {
        tx.backupJobs().update(job);
        if (job.state() instanceof BackupState.Ended) {
            tx.continuous().settle(job.id());
            tx.indexJobs().settle(job.id());
        }
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

    /** The job, if the lease still holds. */
    static Optional<BackupJob> held(Transaction tx, BackupJob job, Stint stint) {
        return tx.backupJobs().leaseHolds(job.id(), stint.lease())
                ? tx.backupJobs().find(job.scope(), job.id())
                : Optional.empty();
    }
}
