package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.Progress;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.continuous.Rounds;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointArns;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.SeriesStops;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 10;

    private final JobStore store;
    private final Repositories repositories;
    private final PointDeletion deletion;
    private final Inventory inventory;
    private final InstantSource clock;
    private final Events events;
    private final JobObserver observer;
    private final Rounds rounds;

    BackupRunner(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            InstantSource clock,
            Events events,
            JobObserver observer) {
        this.store = new JobStore(catalog);
        this.repositories = repositories;
        this.deletion = PointDeletion.ofUnfinished(catalog, repositories);
        this.inventory = inventory;
        this.clock = clock;
        this.events = events;
        this.observer = observer;
        this.rounds = new Rounds(catalog, repositories, inventory, clock, events);
    }

    /** All that a capture needs. */
    private record Work(Source source, ResourceConnector connector, ResourceFacts facts) {}

    /** What a running job has come to. */
    private sealed interface Result {}

    /**
     * The manifest of the job's point.
     *
     * @param message what the user is told besides
     */
    private record Stored(BackupJob job, Manifest manifest, Optional<String> message) implements Result {}

    /** A round of a continuous backup that was there before. */
    private record WentOn(BackupJob job, Series series) implements Result {}

    /**
     * Works on the job until it ends, is postponed, or is recalled. Runs on a thread of its own.
     *
     * @throws JobStore.Fault if the outcome could not be stored; the job goes on when its lease has lapsed
     */
    void run(BackupJob job, Stint stint) {
        stint.begin();
        Result result;
        try {
            result = carry(job, stint);
            stint.leave();
        } catch (InterruptedException | CalledBack recalled) {
            stint.leave();
            conclude(job, stint);
            return;
        } catch (RuntimeException failure) {
            settle(job, stint, failure);
            return;
        } catch (StackOverflowError | LinkageError | AssertionError failure) {
            // Left to the lease, the job would meet it again and again.
            settle(job, stint, new IllegalStateException(failure));
            return;
        }
        switch (result) {
            case Stored stored -> complete(stored, stint);
            case WentOn wentOn -> complete(wentOn, stint);
        }
    }

    private Result carry(BackupJob job, Stint stint) throws InterruptedException {
        if (job.state() instanceof BackupState.Aborting) {
            throw new CalledBack(job.id());
        }
        var vault =
                store.read(view -> view.vaults().find(job.scope(), job.vault())).orElseThrow(() -> vaultGone(job));
        if (job.attempts() > 1) {
            // What an earlier run has stored is whole, whatever has become of the resource or the time since.
            var manifest = manifest(vault, job);
            if (manifest.isPresent()) {
                return new Stored(
                        started(job, vault, stint, job.recoveryPoint(), true), manifest.get(), Optional.empty());
            }
        }
        if (!clock.instant().isBefore(job.completeBy())) {
            stint.recall(Stint.Recall.WINDOW_OVER);
            throw new CalledBack(job.id());
        }
        var work = prepare(job);
        var feed = work.connector().changeFeed();
        return switch (store.read(view -> ContinuousAim.of(view, job, feed.isPresent()))) {
            case ContinuousAim.Refuse(var message) -> throw new SourceException.Impossible(message);
            case ContinuousAim.GoOn(var series) -> goOn(job, vault, series, stint);
            case ContinuousAim.Begin() -> begin(job, vault, work, feed.orElseThrow(), stint);
            case ContinuousAim.Snapshot(var options, var message) ->
                snapshot(
                        job,
                        vault,
                        new Work(
                                options.map(work.source()::with).orElse(work.source()), work.connector(), work.facts()),
                        message,
                        stint);
        };
    }

    private Stored snapshot(BackupJob job, Vault vault, Work work, Optional<String> message, Stint stint)
            throws InterruptedException {
        var running = started(job, vault, stint, job.recoveryPoint(), true);
        observer.started(JobObserver.Kind.BACKUP, job.resourceType());
        return new Stored(running, capture(running, vault, work, Optional.empty(), stint), message);
    }

    /** Makes the base of a continuous backup, or a snapshot if the resource cannot be followed. */
    private Stored begin(BackupJob job, Vault vault, Work work, ChangeFeed feed, Stint stint)
            throws InterruptedException {
        FeedPosition from;
        try {
            from = feed.begin(work.source());
        } catch (SourceException.Impossible cannot) {
            return snapshot(job, vault, work, Optional.of(ContinuousAim.FAILED + cannot.getMessage()), stint);
        }
        var arn = PointArns.continuous(
                job.scope(), job.resourceType(), job.resource(), job.id().value());
        var running = started(job, vault, stint, arn, true);
        observer.started(JobObserver.Kind.BACKUP, job.resourceType());
        var facts =
                new MarkFacts(UnfinishedPoint.session(job).value(), 1, true, FeedMark.Kind.IMAGE, from, from.reached());
        return new Stored(running, capture(running, vault, work, Optional.of(facts), stint), Optional.empty());
    }

    private WentOn goOn(BackupJob job, Vault vault, Series series, Stint stint) throws InterruptedException {
        var running = started(job, vault, stint, job.recoveryPoint(), false);
        observer.started(JobObserver.Kind.BACKUP, job.resourceType());
        var outcome = rounds.run(stint.lease().runner(), series, true, (tx, taken) -> adopt(tx, taken, running), stint);
        return switch (outcome) {
            case Rounds.Outcome.Failed(var why) -> throw why;
            case Rounds.Outcome.Done _, Rounds.Outcome.Elsewhere _ -> new WentOn(running, series);
        };
    }

    /** The role, the options and the rule of a continuous backup are those of the job that has run last. */
    private static void adopt(Transaction tx, Series series, BackupJob job) {
        tx.continuous().put(series.with(job.options()));
        tx.recoveryPoints()
                .find(series.scope(), series.vault(), series.point())
                .map(point -> point.madeBy(job.role(), job.createdBy()))
                .ifPresent(tx.recoveryPoints()::put);
    }

    private Optional<Manifest> manifest(Vault vault, BackupJob job) throws InterruptedException {
        try (var reader =
                repositories.open(vault.scope(), vault.name(), vault.id()).open(UnfinishedPoint.session(job))) {
            return Optional.of(reader.manifest());
        } catch (RepositoryException.NotFound nothingStored) {
            return Optional.empty();
        }
    }

    private static SourceException vaultGone(BackupJob job) {
        return new SourceException.Impossible("Backup job failed because backup vault "
                + Arn.ofVault(job.scope(), job.vault().value()) + " does not exist.");
    }

    private Work prepare(BackupJob job) throws InterruptedException {
        var scope = job.scope();
        inventory.refreshFor(scope, job.resource());
        var source = store.read(view -> inventory.find(view, scope, job.resource()))
                .map(found -> found.with(job.options()))
                .orElseThrow(() -> new SourceException.NotFound("The resource " + job.resource()
                        + " does not exist. Nothing in the configuration has this ARN."));
        store.read(view -> Roles.objection(view.access(), scope.account(), job.role()))
                .ifPresent(problem -> {
                    throw new SourceException.Impossible(problem.message());
                });
        var connector = inventory
                .connector(job.resourceType())
                .orElseThrow(() ->
                        new SourceException.Impossible("Backup job failed because of an unsupported resource type: "
                                + job.resourceType().wireName() + "."));
        var facts = connector.describe(source);
        JobTags.ofPoint(facts.tags(), job.pointTags());
        return new Work(source, connector, facts);
    }

    /**
     * Notes that data begins to move.
     *
     * @param arn of the recovery point
     * @param shown whether a recovery point is shown that is being made
     */
    private BackupJob started(BackupJob job, Vault vault, Stint stint, Arn arn, boolean shown) {
        var now = clock.instant();
        return store.write(tx -> {
            var current = held(tx, job, stint).orElseThrow(() -> new CalledBack(job.id()));
            return switch (current.state()) {
                case BackupState.Pending pending -> {
                    // Between the look at it and now the vault may have gone, or another may have its name.
                    if (tx.vaults()
                            .find(job.scope(), job.vault())
                            .filter(found -> found.id().equals(vault.id()))
                            .isEmpty()) {
                        throw vaultGone(job);
                    }
                    lockObjection(tx, job).ifPresent(problem -> {
                        throw new SourceException.Impossible(problem.message());
                    });
                    var running = current.making(arn).in(pending.started(now));
                    put(tx, running, now);
                    if (!shown) {
                        yield running;
                    }
                    var point = UnfinishedPoint.of(running);
                    tx.recoveryPoints().put(point);
                    tx.emit(events.recoveryPoint(point, now));
                    yield running;
                }
                case BackupState.Running _ -> current;
                case BackupState.Created _, BackupState.Aborting _, BackupState.Ended _ ->
                    throw new CalledBack(job.id());
            };
        });
    }

    /** Why the lock of the vault does not let a point of the job's lifecycle in. */
    private static Optional<Problem> lockObjection(View view, BackupJob job) {
        return view.locks().of(job.scope(), job.vault()).objectsTo(job.lifecycle());
    }

    private static Optional<BackupJob> held(Transaction tx, BackupJob job, Stint stint) {
        return tx.backupJobs().leaseHolds(job.id(), stint.lease())
                ? tx.backupJobs().find(job.scope(), job.id())
                : Optional.empty();
    }

    private Manifest capture(BackupJob job, Vault vault, Work work, Optional<MarkFacts> mark, Stint stint)
            throws InterruptedException {
        var repository = repositories.open(vault.scope(), vault.name(), vault.id());
        var parent = store.read(view -> parent(view, job));
        var pointFacts = new PointFacts(
                        job.role(),
                        job.lifecycle(),
                        JobTags.ofPoint(work.facts().tags(), job.pointTags()),
                        job.createdBy())
                .toMap();
        var description = new PointDescription(
                job.recoveryPoint().toString(),
                job.resource().toString(),
                job.resourceType().wireName(),
                job.resourceName(),
                job.createdAt(),
                work.facts().restoreMetadata(),
                work.facts().tags(),
                mark.map(facts -> facts.addTo(pointFacts)).orElse(pointFacts));
        return repository.write(
                UnfinishedPoint.session(job),
                description,
                parent,
                session -> {
                    stint.countNewBytes(session);
                    return work.connector().capture(work.source(), session, stint);
                },
                () -> {
                    store.read(view -> lockObjection(view, job)).ifPresent(problem -> {
                        throw new SourceException.Impossible(problem.message());
                    });
                    if (!stint.publish() || !mayPublish(job, stint)) {
                        throw new CalledBack(job.id());
                    }
                });
    }

    /** What the capture is compared with: the newest mark of a continuous backup of the resource in the vault, else its newest snapshot. */
    private static Optional<SessionId> parent(View view, BackupJob job) {
        return view.continuous().ofResource(job.scope(), job.resource()).stream()
                .filter(series -> series.vault().equals(job.vault()))
                .flatMap(series -> view.continuous().history(series).marks().stream()
                        .map(mark -> Map.entry(mark.through(), series.session(mark.number()))))
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .or(() -> view.recoveryPoints()
                        .latestCompleted(job.scope(), job.vault(), job.resource())
                        .map(point -> new SessionId(point.sessionId())));
    }

    /** The fence: asked when all data is durable and before the manifest is. */
    private boolean mayPublish(BackupJob job, Stint stint) {
        return store.<Boolean>write(tx -> held(tx, job, stint)
                .filter(current -> current.state() instanceof BackupState.Running)
                .isPresent());
    }

    private void complete(Stored stored, Stint stint) {
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
                0,
                Optional.empty());
        tx.continuous().put(series);
        tx.continuous().put(series, mark);
    }

    private void complete(WentOn wentOn, Stint stint) {
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
                    .at(stint.progress())
                    .making(wentOn.series().point())
                    .in(running.completed(now, Optional.empty()));
            put(tx, completed, now);
            tx.resources().putProtected(job.scope(), facts(tx, completed));
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
                .ifPresent(this::forget);
    }

    /** Ends the work of a recalled stint as its recall asks. */
    private void conclude(BackupJob job, Stint stint) {
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

    private void settle(BackupJob job, Stint stint, RuntimeException failure) {
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

    /** An ended job, and its point if that has to be forgotten. */
    private record End(BackupJob job, Optional<RecoveryPoint> marked) {}

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
            end.get().marked().ifPresent(this::forget);
        }
    }

    /** Deletes a marked point now; if that fails, the mark stays and the deletion comes later. */
    private void forget(RecoveryPoint marked) {
        try {
            deletion.finish(marked);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .setCause(failure)
                    .addKeyValue("recoveryPoint", marked.arn())
                    .log("the point of an ended job could not be forgotten; it will be tried again");
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

    private static Duration pause(int attempts) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(attempts - 1L, 0, DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private void put(Transaction tx, BackupJob job, Instant now) {
        tx.backupJobs().update(job);
        if (job.state() instanceof BackupState.Ended) {
            tx.continuous().settle(job.id());
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
}
