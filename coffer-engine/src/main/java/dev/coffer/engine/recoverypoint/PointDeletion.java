package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.vault.LockKeeper;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one point that is marked as DELETING, or is EXPIRED, to its end: the repository forgets it, then its row and tags go. A crash in between leaves the mark, so that the next call does the rest. Whoever made the
 * mark: a point that a lock, a hold or a suspect clock keeps is not forgotten; of lock and holds, the vault itself is asked besides the catalog, and the stricter of the two counts.
 */
public final class PointDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(PointDeletion.class);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Optional<Protections> protections;
    private final Optional<VaultWitness> witness;

    /** Deletes any point that nothing keeps. */
    public PointDeletion(Catalog catalog, Repositories repositories, Protections protections, LockKeeper locks) {
        this(catalog, repositories, Optional.of(protections), Optional.of(new VaultWitness(repositories, locks)));
    }

    private PointDeletion(
            Catalog catalog,
            Repositories repositories,
            Optional<Protections> protections,
            Optional<VaultWitness> witness) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.protections = protections;
        this.witness = witness;
    }

    /** Deletes only what never became a recovery point: for runners, which leave the rest alone. */
    public static PointDeletion ofUnfinished(Catalog catalog, Repositories repositories) {
        return new PointDeletion(catalog, repositories, Optional.empty(), Optional.empty());
    }

    /** What the catalog says of a marked point: its vault, and why it is to stay, if it is. */
    private record Decision(
            Optional<Vault> vault, Optional<Problem> objection, SeriesStorage storage, Optional<Series> series) {}

    /**
     * Deletes the point; durable on return. A point that is gone, not marked, or kept, is left as it is.
     *
     * @return why it is kept; empty if it is not
     */
    public Optional<Problem> finish(RecoveryPoint point) throws InterruptedException {
        var decision = catalog.read(view -> decide(view, point));
        if (decision.isEmpty()) {
            return Optional.empty();
        }
        var vault = decision.get().vault();
        var objection = decision.get().objection();
        // What an earlier call has made the storage forget cannot be kept any more: its row goes.
        var storage = decision.get().storage();
        if (objection.isPresent() && (vault.isEmpty() || isStored(vault.get(), storage))) {
            return objection;
        }
        if (vault.isPresent() && objection.isEmpty()) {
            var kept = keptByVault(vault.get(), point, decision.get());
            if (kept.isPresent()) {
                return kept;
            }
            storage.forget(
                    repositories.open(point.scope(), point.vault(), vault.get().id()));
        }
        boolean removed = catalog.write(tx -> {
            if (marked(tx, point).isEmpty()) {
                return false;
            }
            tx.recoveryPoints().delete(point);
            decision.get().series().ifPresent(tx.continuous()::delete);
            tx.tags().put(point.arn(), Tags.NONE);
            return true;
        });
        if (removed) {
            LOG.atInfo()
                    .addKeyValue("recoveryPoint", point.arn())
                    .addKeyValue("vault", point.vault())
                    .log("recovery point deleted");
        }
        return Optional.empty();
    }

    /** Asks the vault too: whoever changes the catalog alone makes nothing go. What the catalog has wrong is put right. */
    private Optional<Problem> keptByVault(Vault vault, RecoveryPoint point, Decision decision)
            throws InterruptedException {
        if (witness.isEmpty() || protections.isEmpty()) {
            return Optional.empty();
        }
        var now = catalog.read(protections.get()::now);
        var objection = witness.get().objection(vault, point, decision.storage(), now);
        if (objection.isPresent()) {
            var kept = objection.get();
            boolean wrong = catalog.write(tx -> marked(tx, point)
                    .filter(found -> found.completedAt().isPresent())
                    .map(_ -> restored(
                            tx,
                            kept,
                            decision.series().isPresent()
                                    ? RecoveryPointStatus.STOPPED
                                    : RecoveryPointStatus.COMPLETED))
                    .orElse(false));
            if (wrong) {
                witness.get().tell(vault, kept);
            }
        }
        return objection.map(VaultWitness.Objection::why);
    }

    /** Takes the mark off. Whether the catalog was wrong: not if it has a hold that keeps the point, which was just not a finished one when its points were collected. */
    private static boolean restored(Transaction tx, VaultWitness.Objection kept, RecoveryPointStatus status) {
        var point = kept.point().withStatus(status);
        tx.recoveryPoints().put(point);
        var known = kept.holds().stream()
                .map(id -> tx.legalHolds().find(point.scope(), id))
                .flatMap(Optional::stream)
                .filter(LegalHold::isInForce)
                .toList();
        known.forEach(hold -> tx.legalHolds().hold(hold, point));
        return known.isEmpty();
    }

    private Optional<Decision> decide(View view, RecoveryPoint point) {
        return marked(view, point).map(found -> {
            var series = view.continuous().find(found.scope(), found.vault(), found.arn());
            return new Decision(
                    view.vaults().find(found.scope(), found.vault()),
                    objection(view, found),
                    series.map(one -> SeriesStorage.of(one, view.continuous().numbers(one)))
                            .orElseGet(() -> SeriesStorage.of(found.sessionId())),
                    series);
        });
    }

    private Optional<Problem> objection(View view, RecoveryPoint found) {
        if (protections.isPresent()) {
            return protections.get().of(view, found).objectsToForgetting(found);
        }
        return found.completedAt().isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.invalidRequest("A runner deletes no recovery point that was completed."));
    }

    private boolean isStored(Vault vault, SeriesStorage storage) throws InterruptedException {
        return storage.newest(repositories.open(vault.scope(), vault.name(), vault.id()))
                .isPresent();
    }

    private static Optional<RecoveryPoint> marked(View view, RecoveryPoint point) {
        return view.recoveryPoints()
                .find(point.scope(), point.vault(), point.arn())
                .filter(found -> found.status() == RecoveryPointStatus.DELETING
                        || found.status() == RecoveryPointStatus.EXPIRED);
    }
}
