package dev.coffer.core.continuous;

import java.time.Instant;

/** A stretch of time without a gap, every whole second of which can be restored; both ends belong to it. */
public record Window(Instant earliest, Instant latest) {
    public boolean contains(Instant moment) {
        return !moment.isBefore(earliest) && !moment.isAfter(latest);
    }
}
