package dev.coffer.engine.continuous;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import dev.coffer.engine.recoverypoint.PointIndexes;
import dev.coffer.engine.recoverypoint.SeriesStops;
import dev.coffer.engine.recoverypoint.SeriesWitness;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after all series: stops those that no rule wants any more, forgets the marks that no restorable moment needs, and marks a stopped series for deletion when all that it holds is older than its retention. Time is that of the
 * vault clock; while it is suspect, nothing is forgotten. In a locked vault the vault itself is asked besides.
 */
public final class SeriesUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SeriesUpkeep.class);
    private static final int AT_ONCE = 100;
    private static final int FORGOTTEN_AT_ONCE = 1000;
    private static final Duration RETAIN_AGAIN = Duration.ofHours(1);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Inventory inventory;
    private final ResourceSelector selector;
    private final TrustedClock trusted;
    private final SeriesWitness witness;
    private final Runnable wakeDeletion;
    private final InstantSource clock;
    private final Events events;
    private final SeriesStops stops;
    private final Loop loop;
    /** What the storage was told last. Touched by one thread. */
    private final Map<String, Mark> retainedByPoint = new HashMap<>();

    /**
     * An upkeep that does nothing before {@link #start}.
     *
     * @param wakeDeletion is told that a point was marked for deletion
     */
    public SeriesUpkeep(
            Catalog catalog,
            Repositories repositories,
            Inventory inventory,
            ResourceSelector selector,
            TrustedClock trusted,
            SeriesWitness witness,
            Runnable wakeDeletion,
            InstantSource clock,
            Events events,
            Duration period) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.inventory = inventory;
        this.selector = selector;
        this.trusted = trusted;
        this.witness = witness;
        this.wakeDeletion = wakeDeletion;
        this.clock = clock;
        this.events = events;
        this.stops = new SeriesStops(events);
        this.loop = new Loop("upkeep of continuous backups", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Looks at every series once. What fails comes again, and keeps no other waiting. */
    public void tick() throws InterruptedException {
        Optional<Series> last = Optional.empty();
        List<Series> some;
        do {
            var after = last;
            some = catalog.read(view -> view.continuous().all(after, AT_ONCE));
            for (var series : some) {
                try {
                    look(series);
                } catch (RuntimeException failure) {
                    LOG.atWarn()
                            .setCause(failure)
                            .addKeyValue("recovery_point", series.point())
                            .log("a continuous backup could not be looked after; it will be tried again");
                }
                last = Optional.of(series);
            }
        } while (some.size() == AT_ONCE);
    }

    private void look(Series series) throws InterruptedException {
        if (series.standing().isFollowed()) {
            unwanted(series).ifPresent(why -> stop(series, why));
        }
        forget(series);
        expire(series);
        retain(series);
    }

    private void stop(Series seen, String why) {
        catalog.<Boolean>write(tx -> {
            var found = current(tx, seen).filter(series -> series.standing().isFollowed());
            found.ifPresent(series -> stops.interrupt(tx, series, why, clock.instant()));
            return found.isPresent();
        });
    }

    private static Optional<Series> current(View view, Series seen) {
        return view.continuous().find(seen.scope(), seen.vault(), seen.point());
    }

    private static boolean isInUse(View view, Series series) {
        return view.restoreJobs().pointInUse(series.scope(), series.point())
                || view.copyJobs().pointInUse(series.scope(), series.vault(), series.point());
    }

    private static Optional<RecoveryPoint> point(View view, Series series) {
        return view.recoveryPoints().find(series.scope(), series.vault(), series.point());
    }

    /** What a rule says of a series. */
    private record Wish(Optional<PlanVersion> plan, List<BackupSelection> selections) {}

    /** Why no rule wants the series any more. */
    private Optional<String> unwanted(Series series) {
        var creator = catalog.read(view -> point(view, series).flatMap(RecoveryPoint::createdBy));
        if (creator.isEmpty()) {
            return Optional.empty();
        }
        var wish = catalog.read(view -> wish(view, series, creator.get().plan()));
        if (wish.plan().isEmpty()) {
            return Optional.of("The backup plan " + creator.get().planArn() + " was deleted.");
        }
        if (wish.plan().get().document().rules().stream().noneMatch(rule -> wants(rule, series, creator.get()))) {
            return Optional.of("The rule " + creator.get().ruleName() + " of the backup plan "
                    + creator.get().planArn() + " was removed, or makes no continuous backups in this vault any more.");
        }
        var resource = series.resource();
        // Of a resource that cannot be seen now, nothing can be said.
        boolean selected = inventory.find(series.scope(), resource).isEmpty()
                || selector
                        .select(
                                series.scope(),
                                wish.selections().stream()
                                        .map(BackupSelection::document)
                                        .toList())
                        .stream()
                        .anyMatch(one -> one.resource().equals(resource));
        return selected
                ? Optional.empty()
                : Optional.of(
                        "The backup plan " + creator.get().planArn() + " does not select " + resource + " any more.");
    }

    private static boolean wants(BackupRule rule, Series series, CreatedBy creator) {
        return rule.continuous()
                && rule.vault().equals(series.vault())
                && (rule.id().equals(creator.rule()) || rule.name().equals(creator.ruleName()));
    }

    private static Wish wish(View view, Series series, PlanId plan) {
        return new Wish(
                view.plans().active(series.scope()).stream()
                        .filter(active -> active.id().equals(plan))
                        .findFirst(),
                view.selections().of(series.scope(), plan));
    }

    /** What can be forgotten, by the clock. */
    private record Outdated(Vault vault, VaultClock clock, List<Mark> marks) {}

    private void forget(Series seen) throws InterruptedException {
        var outdated = catalog.<Optional<Outdated>>read(view -> {
            var now = trusted.at(view);
            var series = current(view, seen);
            if (!now.isTrusted() || series.isEmpty() || isInUse(view, seen)) {
                return Optional.empty();
            }
            var marks = view.continuous()
                    .outdated(series.get(), series.get().oldest(now.earliest()), FORGOTTEN_AT_ONCE)
                    .forgettable(
                            series.get().oldest(now.earliest()),
                            series.get().standing().isFollowed());
            // A stopped series whose marks would all go goes as a whole, as a point does.
            boolean whole = marks.size() == view.continuous().count(series.get());
            return whole
                    ? Optional.empty()
                    : view.vaults().find(seen.scope(), seen.vault()).map(vault -> new Outdated(vault, now, marks));
        });
        if (outdated.isEmpty()) {
            return;
        }
        var vault = outdated.get().vault();
        for (var mark : outdated.get().marks()) {
            var objection = witness.objectionToForgetting(
                    vault, seen, mark, outdated.get().clock());
            if (objection.isPresent()) {
                LOG.atWarn()
                        .addKeyValue("recovery_point", seen.point())
                        .addKeyValue("why", objection.get().message())
                        .log("a mark that the catalog has as outdated is kept by its vault");
                return;
            }
            repositories.open(vault.scope(), vault.name(), vault.id()).forget(seen.session(mark.number()));
            catalog.<Boolean>write(tx -> {
                tx.continuous().delete(seen, mark);
                return true;
            });
        }
    }

    /**
     * What the storage of a permanently locked vault is to keep of a series.
     *
     * @param marks the newest is the last
     */
    private record Kept(Vault vault, List<Mark> marks) {}

    /**
     * Has the storage of a permanently locked vault keep the newest marks and the image that they are about, each for as long as the moments that need it. Those before them were the newest once.
     */
    private void retain(Series series) throws InterruptedException {
        var kept = catalog.<Optional<Kept>>read(view -> {
            var vault = view.vaults().find(series.scope(), series.vault());
            return vault.filter(found -> view.locks().of(found).isPermanent(trusted.at(view)))
                    .map(found -> new Kept(
                            found,
                            Stream.concat(
                                            view.continuous().newestImage(series).stream(),
                                            view.continuous().newest(series, 2).stream())
                                    .distinct()
                                    .toList()));
        });
        if (kept.isEmpty() || kept.get().marks().isEmpty()) {
            return;
        }
        var newest = kept.get().marks().getLast();
        var key = series.vault() + " " + series.point();
        var before = Optional.ofNullable(retainedByPoint.get(key));
        boolean fresh = before.isEmpty()
                || before.get().number() != newest.number()
                || before.get().through().plus(RETAIN_AGAIN).isBefore(newest.through());
        if (fresh) {
            var vault = kept.get().vault();
            var repository = repositories.open(vault.scope(), vault.name(), vault.id());
            for (var mark : kept.get().marks()) {
                repository.retain(
                        series.session(mark.number()),
                        newest.through().plus(series.retention()).plus(RETAIN_AGAIN));
            }
            retainedByPoint.put(key, newest);
        }
    }

    private void expire(Series seen) {
        boolean marked = catalog.<Boolean>write(tx -> {
            var series = current(tx, seen).filter(found -> !found.standing().isFollowed());
            var point = series.flatMap(found -> point(tx, found))
                    .filter(found -> found.status() == RecoveryPointStatus.STOPPED);
            boolean over = point.isPresent() && isOver(tx, series.orElseThrow()) && !isInUse(tx, seen);
            if (!over) {
                return false;
            }
            var objection = Roles.objection(
                    tx.access(), seen.scope().account(), point.get().role());
            var gone = point.get()
                    .withStatus(objection.isPresent() ? RecoveryPointStatus.EXPIRED : RecoveryPointStatus.DELETING);
            tx.recoveryPoints().put(gone);
            PointIndexes.drop(tx, gone, clock.instant());
            objection.ifPresent(why -> tx.recoveryPoints().explain(gone, why.message()));
            tx.emit(events.recoveryPoint(gone, clock.instant()));
            return objection.isEmpty();
        });
        if (marked) {
            wakeDeletion.run();
        }
    }

    private boolean isOver(Transaction tx, Series series) {
        return tx.continuous().newest(series, 1).stream()
                .findFirst()
                .map(last -> trusted.at(tx).hasPassed(last.through().plus(series.retention())))
                .orElse(true);
    }

    @Override
    public void close() {
        loop.close();
    }
}
