package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.recoverypoint.PointProtection;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.clock.TrustedClock;

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
        return new PointProtection(
                view.locks().of(point.scope(), point.vault()), view.legalHolds().holds(point), clock.at(view));
    }
}
