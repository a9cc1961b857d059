package dev.coffer.engine.recoverypoint;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the points that are due for it by the vault clock to cold storage, some at a time, those of one vault together. A lock does not keep a point from it; a legal hold delays it. What fails is
 * tried again, and keeps no other vault waiting. A crash behind the move leaves a warm point in the catalog, which the next look moves again: its vault has nothing left to do for it.
 */
public final class ColdLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ColdLoop.class);
    private static final int AT_ONCE = 100;

    private final Catalog catalog;
    private final Repositories repositories;
    private final TrustedClock trusted;
    private final InstantSource clock;
    private final Runnable moved;
    private final Events events;
    private final Loop loop;

    /**
     * A loop that does nothing before {@link #start}.
     *
     * @param moved is run when points were moved: their storage is to be told to keep them where they lie now
     */
    public ColdLoop(
            Catalog catalog,
            Repositories repositories,
            TrustedClock trusted,
            InstantSource clock,
            Supplier<UUID> ids,
            Runnable moved,
            Duration period) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.trusted = trusted;
        this.clock = clock;
        this.moved = moved;
        this.events = new Events(ids);
        this.loop = new Loop("cold storage", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    private record Place(Scope scope, VaultName vault) {}

    /** Moves what is due. */
    public void tick() throws InterruptedException {
        Optional<RecoveryPoint> last = Optional.empty();
        List<RecoveryPoint> due;
        do {
            var after = last;
            due = catalog.read(view -> due(view, after));
            var byPlace = due.stream()
                    .collect(Collectors.groupingBy(
                            point -> new Place(point.scope(), point.vault()), LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<Place, List<RecoveryPoint>> each : byPlace.entrySet()) {
                move(each.getKey(), each.getValue());
            }
            last = due.isEmpty() ? Optional.empty() : Optional.of(due.getLast());
        } while (due.size() == AT_ONCE);
    }

    private List<RecoveryPoint> due(View view, Optional<RecoveryPoint> after) {
        var now = trusted.at(view);
        return now.isTrusted() ? view.recoveryPoints().dueForCold(now.earliest(), after, AT_ONCE) : List.of();
    }

    private void move(Place place, List<RecoveryPoint> points) throws InterruptedException {
        var vault = catalog.read(view -> view.vaults().find(place.scope(), place.vault()));
        try {
            if (vault.isPresent() && chill(vault.get(), points)) {
                catalog.<Boolean>write(tx -> {
                    points.forEach(point -> note(tx, point));
                    return true;
                });
                moved.run();
            }
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .addKeyValue("vault", place.vault())
                    .addKeyValue("recoveryPoints", points.size())
                    .setCause(failure)
                    .log("recovery points could not be moved to cold storage; it will be tried again");
        }
    }

    private boolean chill(Vault vault, List<RecoveryPoint> points) throws InterruptedException {
        return repositories
                .open(vault.scope(), vault.name(), vault.id())
                .chill(points.stream()
                        .map(point -> new SessionId(point.sessionId()))
                        .toList());
    }

    private void note(Transaction tx, RecoveryPoint point) {
        tx.recoveryPoints()
                .find(point.scope(), point.vault(), point.arn())
                .filter(now -> now.status() == RecoveryPointStatus.COMPLETED && now.storage() == StorageClass.WARM)
                .map(RecoveryPoint::movedToCold)
                .ifPresent(cold -> {
                    tx.recoveryPoints().put(cold);
                    tx.recoveryPoints().retainAgain(cold);
                    tx.emit(events.recoveryPoint(cold, clock.instant()));
                    LOG.atInfo()
                            .addKeyValue("recoveryPoint", cold.arn())
                            .addKeyValue("vault", cold.vault())
                            .log("recovery point moved to cold storage");
                });
    }

    /** Stops; what is due comes again at the next start. */
    @Override
    public void close() {
        loop.close();
    }
}
