package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.event.Events;
import java.time.Instant;

/** Ends the following of a series in the transaction of whoever wants it. A round that is under way can then store nothing more. */
public final class SeriesStops {
    private final Events events;

    public SeriesStops(Events events) {
        this.events = events;
    }

    /** Stops the series because it cannot be followed; the plan's next run takes it up again. */
    public void interrupt(Transaction tx, Series series, String why, Instant now) {
        stop(tx, series, new Standing.Interrupted(now, why), now);
    }

    /** Stops the series for good. */
    public void end(Transaction tx, Series series, String why, Instant now) {
        stop(tx, series, new Standing.Over(now, why), now);
    }

    private void stop(Transaction tx, Series series, Standing standing, Instant now) {
        boolean followed = series.standing().isFollowed();
        tx.continuous().put(series.outdated().standing(standing).letGo());
        if (!followed) {
            return;
        }
        tx.recoveryPoints()
                .find(series.scope(), series.vault(), series.point())
                .filter(point -> point.status() == RecoveryPointStatus.AVAILABLE)
                .map(point -> point.withStatus(RecoveryPointStatus.STOPPED))
                .ifPresent(stopped -> {
                    tx.recoveryPoints().put(stopped);
                    tx.emit(events.recoveryPoint(stopped, now));
                });
    }
}
