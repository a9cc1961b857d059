package dev.coffer.engine.recoverypoint;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.PointProtection;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.vault.LockKeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a vault itself whether it lets a point go: by its own lock and legal holds, and by the creation and the retention of the point that it holds itself. */
final class VaultWitness {
    private static final Logger LOG = LoggerFactory.getLogger(VaultWitness.class);

    private final Repositories repositories;
    private final LockKeeper keeper;

    VaultWitness(Repositories repositories, LockKeeper keeper) {
        this.repositories = repositories;
        this.keeper = keeper;
    }

    /**
     * Why the vault keeps a point.
     *
     * @param point as the vault knows it
     * @param holds those of the vault's legal holds that keep it, if the lock alone would let it go
     */
    record Objection(Problem why, RecoveryPoint point, List<HoldId> holds) {}

    /**
     * What a vault tells of a point.
     *
     * @param continuous of a continuous backup, when the newest of what it holds is over
     */
    private record Known(RecoveryPoint point, Optional<Optional<Instant>> continuous) {}

    /** Why the vault keeps the point; empty if it does not, or has none. */
    Optional<Objection> objection(Vault vault, RecoveryPoint point, SeriesStorage storage, VaultClock clock)
            throws InterruptedException {
        var lock = keeper.inVault(vault);
        var holds = repositories.open(vault.scope(), vault.name(), vault.id()).facts().holds().stream()
                .filter(hold -> hold.cancellation().isEmpty())
                .toList();
        if (!lock.isLocked() && holds.isEmpty()) {
            return Optional.empty();
        }
        var known = known(vault, point, storage);
        return known.isEmpty() ? Optional.empty() : objection(lock, holds, known.get(), clock);
    }

    private static Optional<Objection> objection(VaultLock lock, List<HoldFact> holds, Known known, VaultClock clock) {
        var point = known.point();
        // No legal hold keeps a continuous backup.
        var keeping = holds.stream()
                .filter(hold -> known.continuous().isEmpty() && hold.keeps(point))
                .map(HoldFact::id)
                .toList();
        boolean locked = lock.isLocked()
                && new PointProtection(lock, false, clock, known.continuous())
                        .objectsToForgetting(point)
                        .isPresent();
        return new PointProtection(lock, !keeping.isEmpty(), clock, known.continuous())
                .objectsToForgetting(point)
                .filter(_ -> locked || !keeping.isEmpty())
                .map(why -> new Objection(why, point, locked ? List.of() : keeping));
    }

    /** The point as its manifest and later lifecycles tell; empty if there is none. What the vault cannot tell is as the catalog says. */
    private Optional<Known> known(Vault vault, RecoveryPoint point, SeriesStorage storage) throws InterruptedException {
        var repository = repositories.open(vault.scope(), vault.name(), vault.id());
        var newest = storage.newest(repository);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        var id = newest.get();
        RecoveryPoint told;
        Optional<Optional<Instant>> continuous = Optional.empty();
        try (var reader = repository.open(id)) {
            told = PointAdoption.point(vault.scope(), vault.name(), reader.manifest(), point.storage());
            var days = told.lifecycle().deleteAfterDays().orElse(Series.DAYS_AT_MOST);
            var facts = MarkFacts.of(reader.manifest().point().facts());
            if (facts.isPresent()) {
                var at = facts.get().mark(reader.manifest()).at();
                continuous = Optional.of(Optional.of(at.plus(Duration.ofDays(days))));
            }
        } catch (RepositoryException.NotFound none) {
            return Optional.empty();
        } catch (RepositoryException.Corrupt | IllegalArgumentException untold) {
            LOG.atWarn()
                    .addKeyValue("recoveryPoint", point.arn())
                    .setCause(untold)
                    .log("a vault does not tell how long a recovery point is kept, so the catalog's word counts");
            told = point.withStatus(RecoveryPointStatus.COMPLETED);
        }
        var later = repository.facts().lifecycle(id);
        return Optional.of(new Known(later.isPresent() ? told.withLifecycle(later.get()) : told, continuous));
    }

    /** Says that a row was wrong. */
    void tell(Vault vault, Objection objection) {
        keeper.tell(
                vault,
                "recovery point " + objection.point().arn() + " was marked for deletion, and the vault keeps it");
    }
}
