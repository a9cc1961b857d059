package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.recoverypoint.CopyFacts;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.settings.Limits;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Carries one claimed copy job to its end, or as far as it comes. The copy is read from the source vault and written to the destination's under the key of that; its repository session has the job's id, so that a repeat after a
 * crash finds what the first run has stored, and makes the same copy.
 */
final class CopyRunner {
    /** How many of the latest points of the resource are looked at for an earlier copy. */
    private static final int LOOKED_AT = 20;

    private final JobStore store;
    private final Repositories repositories;
    private final CopyRules rules;
    private final InstantSource clock;
    private final Events events;
    private final JobObserver observer;
    private final CopyEnds ends;

    CopyRunner(
            Catalog catalog,
            Repositories repositories,
            CopyRules rules,
            InstantSource clock,
            Events events,
            Limits limits,
            JobObserver observer) {
        this.store = new JobStore(catalog);
        this.repositories = repositories;
        this.rules = rules;
        this.clock = clock;
        this.events = events;
        this.observer = observer;
        this.ends =
                new CopyEnds(store, PointDeletion.ofUnfinished(catalog, repositories), clock, events, limits, observer);
    }

    /** The vault that gets the copy, the point that is copied, and its vault. */
    private record Work(Vault destination, RecoveryPoint point, Vault vault, CopySource source) {}

    /**
     * Works on the job until it ends, is postponed, or is recalled. Runs on a thread of its own.
     *
     * @throws JobStore.Fault if the outcome could not be stored; the job goes on when its lease has lapsed
     */
    void run(CopyJob job, Stint stint) {
        observer.started(JobObserver.Kind.COPY, job.resourceType());
        stint.run(
                () -> carry(job, stint),
                manifest -> ends.complete(job, stint, manifest),
                () -> ends.handBack(job, stint),
                failure -> ends.settle(job, stint, failure));
    }

    private Manifest carry(CopyJob job, Stint stint) throws InterruptedException {
        var destination = store.read(view -> CopyRules.destination(view, job));
        if (job.attempts() > 1 && destination.isPresent()) {
            // What an earlier run has stored is whole, whatever has become of its source since.
            var manifest = manifest(open(destination.get()), UnfinishedPoint.session(job));
            if (manifest.isPresent()) {
                return manifest.get();
            }
        }
        mustBeAllowed(job);
        var work = store.read(view -> {
            var point = view.recoveryPoints()
                    .find(job.scope(), job.vault(), job.recoveryPoint())
                    .filter(found -> found.status().isRestorable())
                    .orElseThrow(() -> new SourceException.NotFound("Cannot find recovery point " + job.recoveryPoint()
                            + ". It was deleted after the job was started."));
            return new Work(
                    destination.orElseThrow(() -> new SourceException.Impossible(CopyRules.absent(job))),
                    point,
                    view.vaults().find(job.scope(), job.vault()).orElseThrow(),
                    CopySource.of(view, point)
                            .orElseThrow(() -> new SourceException.Impossible("The continuous backup "
                                    + job.recoveryPoint() + " has no whole image yet that could be copied.")));
        });
        shown(job, stint, work);
        var from = open(work.vault());
        var into = open(work.destination());
        try (var source = from.open(work.source().session());
                var earlier = EarlierCopy.among(copies(job), work.vault().id(), from, into)) {
            return write(job, stint, work, into, source, earlier);
        }
    }

    private Repository open(Vault vault) throws InterruptedException {
        return repositories.open(vault.scope(), vault.name(), vault.id());
    }

    private static Optional<Manifest> manifest(Repository repository, SessionId id) throws InterruptedException {
        try (var reader = repository.open(id)) {
            return Optional.of(reader.manifest());
        } catch (RepositoryException.NotFound nothingStored) {
            return Optional.empty();
        }
    }

    private void mustBeAllowed(CopyJob job) {
        store.read(view -> rules.objection(view, job)).ifPresent(why -> {
            throw new SourceException.Impossible(why);
        });
    }

    /** Shows the copy that is being made, in the destination. */
    private void shown(CopyJob job, Stint stint, Work work) {
        var now = clock.instant();
        store.<Boolean>write(tx -> {
            var current = CopyEnds.held(tx, job, stint).orElseThrow(() -> new CalledBack(job.id()));
            if (!(current.state() instanceof CopyState.Running running)) {
                throw new CalledBack(job.id());
            }
            // Between the look at it and now the vault may have gone, or another may have its name.
            if (CopyRules.destination(tx, job)
                    .filter(vault -> vault.id().equals(work.destination().id()))
                    .isEmpty()) {
                throw new SourceException.Impossible(CopyRules.absent(job));
            }
            var point =
                    UnfinishedPoint.of(current, work.source().createdAt(), originalVault(work), running.startedAt());
            boolean known = tx.recoveryPoints()
                    .find(point.scope(), point.vault(), point.arn())
                    .filter(there -> there.status() == RecoveryPointStatus.CREATING)
                    .isPresent();
            tx.recoveryPoints().put(point);
            if (!known) {
                tx.emit(events.recoveryPoint(point, now));
            }
            return true;
        });
    }

    private static Arn originalVault(Work work) {
        return work.point().sourceVault().orElseGet(() -> work.vault().arn());
    }

    private Manifest write(
            CopyJob job, Stint stint, Work work, Repository into, RecoveryPointReader source, EarlierCopy earlier)
            throws InterruptedException {
        return into.write(
                UnfinishedPoint.session(job),
                description(job, work, source.manifest()),
                earlier.copy(),
                session -> {
                    stint.countNewBytes(session);
                    return new PointCopy(source, earlier.source(), session, stint).run();
                },
                () -> {
                    mustBeAllowed(job);
                    if (!stint.publish() || !mayPublish(job, stint)) {
                        throw new CalledBack(job.id());
                    }
                });
    }

    /** Says of the copy what the manifest of its source says of the resource, and what the catalog knows of the source now. */
    private PointDescription description(CopyJob job, Work work, Manifest manifest) {
        var described = manifest.point();
        var tags = store.read(view -> view.tags().of(work.point().arn()));
        var facts = new CopyFacts(
                        originalVault(work), work.vault().id(), manifest.id().value())
                .addTo(new PointFacts(UnfinishedPoint.role(job), job.lifecycle(), tags, job.createdBy()).toMap());
        return new PointDescription(
                job.copy().toString(),
                described.resourceArn(),
                described.resourceType(),
                described.resourceName(),
                work.source().createdAt(),
                described.restoreMetadata(),
                described.resourceTags(),
                facts);
    }

    /** The fence: asked when all data is durable and before the manifest is. */
    private boolean mayPublish(CopyJob job, Stint stint) {
        return store.<Boolean>write(tx -> CopyEnds.held(tx, job, stint)
                .filter(current -> current.state() instanceof CopyState.Running)
                .isPresent());
    }

    /** The latest copies of the resource in the destination, the newest first. */
    private List<SessionId> copies(CopyJob job) {
        var filter = new RecoveryPointRows.Filter(
                Optional.of(job.destination().name()),
                Optional.of(job.resource()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var page = PageRequest.first(LOOKED_AT);
        return store.read(view -> view.recoveryPoints().list(job.destination().scope(), filter, page)).rows().stream()
                .filter(point -> point.status() == RecoveryPointStatus.COMPLETED
                        && point.sourceVault().isPresent())
                .map(point -> new SessionId(point.sessionId()))
                .toList();
    }
}
