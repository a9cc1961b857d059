package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.recoverypoint.PointProtection;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.clock.TrustedClock;
import java.time.Instant;
import java.util.Optional;

/** Reads what keeps a point, as the transaction sees it. */
public final class Protections {
    private final TrustedClock clock;

    public Protections(TrustedClock clock) {
        this.clock = clock;
    }

    /** The vault clock, as the transaction sees it. */
    VaultClock now(View view) {
        return clock.at(view);
    }

    /** What keeps the point now. */
    public PointProtection of(View view, RecoveryPoint point) {
        var series = view.continuous().find(point.scope(), point.vault(), point.arn());
        return new PointProtection(
                view.locks().of(point.scope(), point.vault()),
                view.legalHolds().holds(point),
                clock.at(view),
                series.isPresent() ? Optional.of(end(view, series.get())) : Optional.empty());
    }

    /** When the last of what a series holds is over; empty while it grows. */
    private static Optional<Instant> end(View view, Series series) {
        return series.standing().isFollowed()
                ? Optional.empty()
                : view.continuous().newest(series, 1).stream()
                        .findFirst()
                        .map(last -> last.through().plus(series.retention()));
    }
}
