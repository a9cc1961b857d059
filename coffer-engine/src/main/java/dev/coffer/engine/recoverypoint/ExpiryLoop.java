package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the points whose retention is over by the vault clock, some in each transaction, the longest due first. Held ones, and those that a restore or a copy reads, are left for later. One whose role the service
 * cannot assume, or whose storage does not let go of it, is EXPIRED until a later look succeeds.
 */
public final class ExpiryLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryLoop.class);
    private static final int AT_ONCE = 100;

    private final Catalog catalog;
    private final TrustedClock trusted;
    private final Protections protections;
    private final PointDeletion deletion;
    private final DeletionLoop marked;
    private final InstantSource clock;
    private final Events events;
    private final Loop loop;

    /** A loop that does nothing before {@link #start}. */
    public ExpiryLoop(
            Catalog catalog,
            TrustedClock trusted,
            PointDeletion deletion,
            DeletionLoop marked,
            InstantSource clock,
            Supplier<UUID> ids,
            Duration period) {
        this.catalog = catalog;
        this.trusted = trusted;
        this.protections = new Protections(trusted);
        this.deletion = deletion;
        this.marked = marked;
        this.clock = clock;
        this.events = new Events(ids);
        this.loop = new Loop("expiry", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Says that more may be due: a hold was released. */
    public void wake() {
        loop.wake();
    }

    /** Some points that were looked at: the last of them, and those that are to be tried again. */
    private record Look(Optional<RecoveryPoint> last, int seen, boolean marked, List<RecoveryPoint> again) {}

    /** Deletes what is due. */
    public void tick() throws InterruptedException {
        Optional<RecoveryPoint> last = Optional.empty();
        Look look;
        do {
            var after = last;
            look = catalog.write(tx -> some(tx, after));
            if (look.marked()) {
                marked.wake();
            }
            for (var point : look.again()) {
                again(point);
            }
            last = look.last();
        } while (look.seen() == AT_ONCE);
    }

    private Look some(Transaction tx, Optional<RecoveryPoint> after) {
        var now = trusted.at(tx);
        if (!now.isTrusted()) {
            return new Look(Optional.empty(), 0, false, List.of());
        }
        var due = tx.recoveryPoints().due(now.earliest(), after, AT_ONCE);
        var again = new ArrayList<RecoveryPoint>();
        boolean any = false;
        for (var point : due) {
            if (!protections.of(tx, point).allowsExpiry(point)
                    || tx.restoreJobs().pointInUse(point.scope(), point.arn())
                    || tx.copyJobs().pointInUse(point.scope(), point.vault(), point.arn())) {
                continue;
            }
            var objection = Roles.objectionToDeletion(tx.access(), point.scope().account(), point.role());
            if (objection.isPresent()) {
                expired(tx, point, objection.get().message());
            } else if (point.status() == RecoveryPointStatus.EXPIRED) {
                again.add(point);
            } else {
                var gone = point.withStatus(RecoveryPointStatus.DELETING);
                tx.recoveryPoints().put(gone);
                PointIndexes.drop(tx, gone, clock.instant());
                tx.emit(events.recoveryPoint(gone, clock.instant()));
                any = true;
            }
        }
        return new Look(due.isEmpty() ? Optional.empty() : Optional.of(due.getLast()), due.size(), any, again);
    }

    private void expired(Transaction tx, RecoveryPoint point, String message) {
        if (point.status() != RecoveryPointStatus.EXPIRED) {
            var expired = point.withStatus(RecoveryPointStatus.EXPIRED);
            tx.recoveryPoints().put(expired);
            PointIndexes.drop(tx, expired, clock.instant());
            tx.emit(events.recoveryPoint(expired, clock.instant()));
        }
        tx.recoveryPoints().explain(point, message);
    }

    private void again(RecoveryPoint point) throws InterruptedException {
        try {
            deletion.finish(point);
        } catch (RuntimeException failure) {
            failed(point, failure);
        }
    }

    /** Notes that a marked point could not be deleted. If its retention is over, it is EXPIRED; else it stays marked. */
    public void failed(RecoveryPoint point, RuntimeException failure) {
        LOG.atWarn()
                .addKeyValue("recoveryPoint", point.arn())
                .setCause(failure)
                .log("a recovery point could not be deleted; it will be tried again");
        catalog.<Boolean>write(tx -> {
            var found = tx.recoveryPoints()
                    .find(point.scope(), point.vault(), point.arn())
                    .filter(now ->
                            now.status() == RecoveryPointStatus.DELETING || now.status() == RecoveryPointStatus.EXPIRED)
                    .filter(now -> now.completedAt().isPresent()
                            && protections.of(tx, now).allowsExpiry(now));
            found.ifPresent(now -> expired(
                    tx,
                    now,
                    "The recovery point could not be deleted and will be tried again: " + failure.getMessage()));
            return found.isPresent();
        });
    }

    /** Stops; what is due comes again at the next start. */
    @Override
    public void close() {
        loop.close();
    }
}
