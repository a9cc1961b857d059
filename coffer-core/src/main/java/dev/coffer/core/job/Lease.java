package dev.coffer.core.job;

import java.time.Instant;

/**
 * A runner's right to work on a job until an instant.
 *
 * @param runner the process that holds it
 * @param epoch grows with every claim of the job; a write with an older epoch is refused, however late it comes (fencing)
 */
public record Lease(RunnerId runner, long epoch, Instant until) {
    /** The same lease, held longer. */
    public Lease renewedUntil(Instant later) {
        return new Lease(runner, epoch, later);
    }

    /** Whether others may claim the job. */
    public boolean lapsedAt(Instant now) {
        return !now.isBefore(until);
    }
}
