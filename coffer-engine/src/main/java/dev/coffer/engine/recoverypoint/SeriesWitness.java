package dev.coffer.engine.recoverypoint;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.vault.LockKeeper;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Asks a locked vault itself whether it lets a mark of a continuous backup go: by its own lock, and by what the manifests of the series say. */
public final class SeriesWitness {
    private static final Problem KEPT = Problem.invalidRequest(
            "The vault is locked, and by its own record the mark is needed for a moment within the retention.");

    private final Repositories repositories;
    private final LockKeeper keeper;

    public SeriesWitness(Repositories repositories, LockKeeper keeper) {
        this.repositories = repositories;
        this.keeper = keeper;
    }

    /**
     * What the vault has of a mark.
     *
     * @param oldest the first moment within the retention that the manifest names
     */
    private record Known(MarkFacts facts, Mark mark, Instant oldest) {}

    private Optional<Known> known(Vault vault, Series series, long number, VaultClock clock)
            throws InterruptedException {
        try (var reader =
                repositories.open(vault.scope(), vault.name(), vault.id()).open(series.session(number))) {
            var manifest = reader.manifest();
            var texts = manifest.point().facts();
            var facts = MarkFacts.of(texts).orElseThrow(() -> new IllegalArgumentException("no mark"));
            var days = PointFacts.ofMap(texts).lifecycle().deleteAfterDays().orElse(Series.DAYS_AT_MOST);
            return Optional.of(
                    new Known(facts, facts.mark(manifest), clock.earliest().minus(Duration.ofDays(days))));
        } catch (RepositoryException.NotFound none) {
            return Optional.empty();
        }
    }

    /** Why the vault keeps the mark: it is the end of a stretch and not old enough, or no later image stands for all moments within the retention. Empty if the vault is not locked. */
    public Optional<Problem> objectionToForgetting(Vault vault, Series series, Mark mark, VaultClock clock)
            throws InterruptedException {
        if (!keeper.inVault(vault).isLocked()) {
            return Optional.empty();
        }
        if (!clock.isTrusted()) {
            return Optional.of(KEPT);
        }
        var known = known(vault, series, mark.number(), clock);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        if (known.get().mark().at().isAfter(known.get().oldest())) {
            return Optional.of(KEPT);
        }
        var later = known(vault, series, mark.number() + 1, clock);
        while (later.isPresent() && !later.get().facts().base()) {
            boolean old = !later.get().mark().at().isAfter(later.get().oldest());
            if (!old) {
                return Optional.of(KEPT);
            }
            if (later.get().facts().kind() == FeedMark.Kind.IMAGE) {
                return Optional.empty();
            }
            later = known(vault, series, later.get().facts().number() + 1, clock);
        }
        return Optional.empty();
    }
}
