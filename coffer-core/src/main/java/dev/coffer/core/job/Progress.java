package dev.coffer.core.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a job is, as last stored.
 *
 * @param doneBytes bytes of the resource that are dealt with, unchanged ones included
 * @param totalBytes bytes of the resource, 0 while not known
 * @param transferredBytes bytes that were new to the vault (backup), or written to the target (restore)
 */
public record Progress(long doneBytes, long totalBytes, long transferredBytes) {
    public static final Progress NONE = new Progress(0, 0, 0);

    /** Percent from 0 to 100; never 100 before the end, so that 100 means done. */
    public double percent() {
        if (totalBytes <= 0) {
            return 0;
        }
        return Math.clamp(100.0 * doneBytes / totalBytes, 0, 99.9);
    }

    /** When the job will have ended if it goes on as it went since its start; empty while that cannot be told. */
    public Optional<Instant> expectedEnd(Instant startedAt, Instant now) {
        double done = percent();
        var taken = Duration.between(startedAt, now);
        if (done <= 0 || taken.isNegative()) {
            return Optional.empty();
        }
        return Optional.of(startedAt.plusMillis(Math.round(taken.toMillis() / done * 100)));
    }
}
