package dev.coffer.engine.continuous;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Manifest;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.loop.Loop;
import dev.coffer.engine.recoverypoint.SeriesStops;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A series in the hands of this process. What it stores is stored only while it holds; the lease is renewed until {@link #close}. */
final class Holding implements AutoCloseable {
    /** How long a lease lasts after its last renewal. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration RENEW_EVERY = Duration.ofSeconds(15);

    private final Catalog catalog;
    private final InstantSource clock;
    private final Events events;
    private final Series claimed;
    private final Loop renewing;

    private Holding(Catalog catalog, InstantSource clock, Events events, Series claimed) {
        this.catalog = catalog;
        this.clock = clock;
        this.events = events;
        this.claimed = claimed;
        this.renewing = new Loop("lease of " + claimed.point(), RENEW_EVERY, this::renew);
        renewing.start();
    }

    /**
     * Takes the series if it is free; empty if not. A lease of an earlier start of the same node is free at once.
     *
     * @param resume whether an interrupted series is taken too
     * @param change what else changes with it
     */
    static Optional<Holding> claim(
            Catalog catalog,
            InstantSource clock,
            Events events,
            RunnerId runner,
            Series seen,
            boolean resume,
            BiConsumer<Transaction, Series> change) {
        return catalog.<Optional<Series>>write(tx -> {
                    var now = clock.instant();
                    var found = tx.continuous()
                            .find(seen.scope(), seen.vault(), seen.point())
                            .filter(series -> isFree(series, runner, now))
                            .filter(series -> series.standing().isFollowed()
                                    || (resume && series.standing() instanceof Standing.Interrupted));
                    if (found.isEmpty()) {
                        return Optional.empty();
                    }
                    change.accept(tx, found.get());
                    var changed = tx.continuous()
                            .find(seen.scope(), seen.vault(), seen.point())
                            .orElseThrow();
                    var held = changed.heldBy(new Lease(runner, changed.epoch() + 1, now.plus(LEASE)));
                    tx.continuous().put(held);
                    return Optional.of(held);
                })
                .map(held -> new Holding(catalog, clock, events, held));
    }

    private static boolean isFree(Series series, RunnerId runner, Instant now) {
        return series.lease()
                .map(lease -> lease.lapsedAt(now)
                        || (lease.runner().node().equals(runner.node())
                                && !lease.runner().equals(runner)))
                .orElse(true);
    }

    private void renew() {
        catalog.<Boolean>write(tx -> {
            var held = current(tx);
            held.ifPresent(series -> tx.continuous()
                    .put(series.heldBy(series.lease()
                            .orElseThrow()
                            .renewedUntil(clock.instant().plus(LEASE)))));
            return held.isPresent();
        });
    }

    Series claimed() {
        return claimed;
    }

    /** The series as it is, if it is still held and its point still stands. */
    Optional<Series> current(View view) {
        return view.continuous()
                .find(claimed.scope(), claimed.vault(), claimed.point())
                .filter(series ->
                        series.epoch() == claimed.epoch() && series.lease().isPresent())
                .filter(_ -> view.recoveryPoints()
                        .find(claimed.scope(), claimed.vault(), claimed.point())
                        .filter(point -> point.status() == RecoveryPointStatus.AVAILABLE
                                || point.status() == RecoveryPointStatus.STOPPED)
                        .isPresent());
    }

    private Series must(View view) {
        return current(view).orElseThrow(() -> new SeriesLost(claimed.point()));
    }

    Series read() {
        return catalog.read(this::must);
    }

    /** The fence: asked when all data of a mark is durable and before its manifest is. */
    void mustHold() {
        catalog.<Boolean>write(tx -> must(tx).lease().isPresent());
    }

    /**
     * Lists a mark whose manifest is durable.
     *
     * @param base whether following goes on from it, also after an interruption; the point is then AVAILABLE again
     */
    void add(Mark mark, Manifest manifest, boolean base) {
        var now = clock.instant();
        catalog.<Boolean>write(tx -> {
            var series = must(tx);
            tx.continuous().put(series, mark);
            boolean resumes = base && !series.standing().isFollowed();
            tx.continuous()
                    .put(series.at(mark.position())
                            .standing(resumes ? new Standing.Followed(Optional.empty()) : series.standing()));
            var point = tx.recoveryPoints()
                    .find(series.scope(), series.vault(), series.point())
                    .orElseThrow();
            var grown = point.completed(
                            point.completedAt().orElse(now),
                            // Changes alone say nothing of the size of the whole.
                            mark.kind() == FeedMark.Kind.IMAGE ? manifest.logicalBytes() : point.logicalBytes(),
                            point.transferredBytes() + manifest.newBytes())
                    .withStatus(resumes ? RecoveryPointStatus.AVAILABLE : point.status());
            tx.recoveryPoints().put(grown);
            if (resumes) {
                tx.emit(events.recoveryPoint(grown, now));
            }
            return true;
        });
    }

    /** Ends the round: lets go of the series, which has reached its position. */
    void reached(FeedPosition position, Optional<String> remark, Instant next) {
        catalog.<Boolean>write(tx -> {
            var series = must(tx);
            tx.continuous().newest(series, 1).forEach(last -> tx.continuous().put(series, last.reaching(position)));
            tx.continuous()
                    .put(series.at(position)
                            .standing(new Standing.Followed(remark))
                            .rounded(clock.instant(), next)
                            .letGo());
            return true;
        });
    }

    /** Ends the round that came to nothing: the series stays as it was and is due again later. */
    void troubled(String why, Instant next) {
        catalog.<Boolean>write(tx -> {
            current(tx)
                    .ifPresent(series -> tx.continuous()
                            .put(series.standing(failing(series.standing(), why))
                                    .rounded(clock.instant(), next)
                                    .letGo()));
            return true;
        });
    }

    private Standing failing(Standing before, String why) {
        return before instanceof Standing.Followed(var _, var since)
                ? new Standing.Followed(Optional.of(why), Optional.of(since.orElseGet(clock::instant)))
                : before;
    }

    void interrupted(String why) {
        catalog.<Boolean>write(tx -> {
            current(tx).ifPresent(series -> new SeriesStops(events).interrupt(tx, series, why, clock.instant()));
            return true;
        });
    }

    /** Lets go at once, as it is. */
    void letGo() {
        catalog.<Boolean>write(tx -> {
            current(tx).ifPresent(series -> tx.continuous().put(series.letGo()));
            return true;
        });
    }

    @Override
    public void close() {
        renewing.close();
    }
}
