package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RunnerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The leases that one process takes on jobs. */
record Leases(RunnerId runner, InstantSource clock) {
    /** How long a lease lasts after its last renewal. */
    static final Duration LASTING = Duration.ofSeconds(30);

    Instant now() {
        return clock.instant();
    }

    Lease fresh(Transaction tx, Instant now) {
        return new Lease(runner, tx.backupJobs().nextEpoch(), now.plus(LASTING));
    }

    /** A lapsed lease is free, and so is one of an earlier start of this node, since only one process at a time is the node. */
    boolean isFree(Lease lease, Instant now) {
        return lease.lapsedAt(now)
                || (lease.runner().node().equals(runner.node())
                        && !lease.runner().start().equals(runner.start()));
    }
}
