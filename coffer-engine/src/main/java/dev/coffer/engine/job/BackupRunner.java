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
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.Progress;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.continuous.Rounds;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointArns;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.PointIndexes;
import dev.coffer.engine.source.Inventory;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Carries one claimed backup job to its end, or as far as it comes. Every outcome is one transaction that is made only while the lease holds. The repository session has the job's id, so that a repeat after a crash finds what the first
 * run has stored, and makes the same recovery point.
 */
final class BackupRunner {
    private final JobStore store;
    private final Repositories repositories;
    private final Inventory inventory;
    private final InstantSource clock;
    private final Events events;
    private final JobObserver observer;
    private final Rounds rounds;
    private final BackupEnds ends;

    BackupRunner(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            InstantSource clock,
            Events events,
            CopyJobCreation copies,
            PointIndexes indexes,
            JobObserver observer) {
        this.store = new JobStore(catalog);
        this.repositories = repositories;
        this.inventory = inventory;
        this.clock = clock;
        this.events = events;
        this.observer = observer;
        this.rounds = new Rounds(catalog, repositories, inventory, clock, events);
        this.ends = new BackupEnds(
                store, PointDeletion.ofUnfinished(catalog, repositories), clock, events, copies, indexes, observer);
    }

    /** All that a capture needs. */
    private record Work(Source source, ResourceConnector connector, ResourceFacts facts) {}

    /**
     * Works on the job until it ends, is postponed, or is recalled. Runs on a thread of its own.
     *
     * @throws JobStore.Fault if the outcome could not be stored; the job goes on when its lease has lapsed
     */
    void run(BackupJob job, Stint stint) {
        stint.run(
                () -> carry(job, stint),
                result -> {
                    switch (result) {
                        case BackupResult.Stored stored -> ends.complete(stored, stint);
                        case BackupResult.WentOn wentOn -> ends.complete(wentOn, stint);
                    }
                },
                () -> ends.conclude(job, stint),
                failure -> ends.settle(job, stint, failure));
    }

    private BackupResult carry(BackupJob job, Stint stint) throws InterruptedException {
        if (job.state() instanceof BackupState.Aborting) {
            throw new CalledBack(job.id());
        }
        var vault =
                store.read(view -> view.vaults().find(job.scope(), job.vault())).orElseThrow(() -> vaultGone(job));
        if (job.attempts() > 1) {
            // What an earlier run has stored is whole, whatever has become of the resource or the time since.
            var manifest = manifest(vault, job);
            if (manifest.isPresent()) {
                return new BackupResult.Stored(
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

    private BackupResult.Stored snapshot(BackupJob job, Vault vault, Work work, Optional<String> message, Stint stint)
            throws InterruptedException {
        var running = started(job, vault, stint, job.recoveryPoint(), true);
        observer.started(JobObserver.Kind.BACKUP, job.resourceType());
        return new BackupResult.Stored(running, capture(running, vault, work, Optional.empty(), stint), message);
    }

    /** Makes the base of a continuous backup, or a snapshot if the resource cannot be followed. */
    private BackupResult.Stored begin(BackupJob job, Vault vault, Work work, ChangeFeed feed, Stint stint)
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
        var facts = new MarkFacts(
                UnfinishedPoint.session(job).value(),
                1,
                true,
                FeedMark.Kind.IMAGE,
                from,
                Optional.empty(),
                from.reached());
        return new BackupResult.Stored(
                running, capture(running, vault, work, Optional.of(facts), stint), Optional.empty());
    }

    private BackupResult.WentOn goOn(BackupJob job, Vault vault, Series series, Stint stint)
            throws InterruptedException {
        var running = started(job, vault, stint, job.recoveryPoint(), false);
        observer.started(JobObserver.Kind.BACKUP, job.resourceType());
        var before = kept(series);
        var outcome = rounds.run(stint.lease().runner(), series, true, (tx, taken) -> adopt(tx, taken, running), stint);
        return switch (outcome) {
            case Rounds.Outcome.Failed(var why) -> throw why;
            case Rounds.Outcome.Done() -> wentOn(running, series, before, Optional.empty());
            case Rounds.Outcome.Elsewhere() ->
                wentOn(
                        running,
                        series,
                        before,
                        Optional.of(
                                "Another round of the continuous backup was under way, so that this run did not look"
                                        + " again at what leaves no trace in the history of the resource. The next run will."));
        };
    }

    private BackupResult.WentOn wentOn(BackupJob job, Series series, Progress before, Optional<String> message) {
        var after = kept(series);
        long added = Math.max(0, after.transferredBytes() - before.transferredBytes());
        return new BackupResult.WentOn(
                job, series, new Progress(after.doneBytes(), after.totalBytes(), added), message);
    }

    /** The size of a continuous backup as it is now, and all that was ever new in it. */
    private Progress kept(Series series) {
        return store.read(view -> view.recoveryPoints()
                .find(series.scope(), series.vault(), series.point())
                .map(point -> new Progress(point.logicalBytes(), point.logicalBytes(), point.transferredBytes()))
                .orElseGet(() -> new Progress(0, 0, 0)));
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
            var current = BackupEnds.held(tx, job, stint).orElseThrow(() -> new CalledBack(job.id()));
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
                    ends.put(tx, running, now);
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

    /** What the capture is compared with: the newest image of a continuous backup of the resource in the vault, else its newest snapshot. */
    private static Optional<SessionId> parent(View view, BackupJob job) {
        return view.continuous().ofResource(job.scope(), job.resource()).stream()
                .filter(series -> series.vault().equals(job.vault()))
                .flatMap(series -> view.continuous().newestImage(series).stream()
                        .map(mark -> Map.entry(mark.through(), series.session(mark.number()))))
                .max(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .or(() -> view.recoveryPoints()
                        .latestCompleted(job.scope(), job.vault(), job.resource())
                        .map(point -> new SessionId(point.sessionId())));
    }

    /** The fence: asked when all data is durable and before the manifest is. */
    private boolean mayPublish(BackupJob job, Stint stint) {
        return store.<Boolean>write(tx -> BackupEnds.held(tx, job, stint)
                .filter(current -> current.state() instanceof BackupState.Running)
                .isPresent());
    }
}
