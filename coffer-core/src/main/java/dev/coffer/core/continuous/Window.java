package dev.coffer.core.continuous;

import java.time.Instant;

/**
 * A stretch of time without a gap, every whole second of which can be restored; both ends belong to it.
 *
 * @param checked the last second that is certain; those after it are as the source has told of them so far. Before {@code earliest} if none is certain
 */
public record Window(Instant earliest, Instant latest, Instant checked) {
    /** A window that is certain. */
    public Window(Instant earliest, Instant latest) {
        this(earliest, latest, latest);
    }

    public boolean contains(Instant moment) {
        return !moment.isBefore(earliest) && !moment.isAfter(latest);
    }

    /** Whether every second of it is certain. */
    public boolean isCertain() {
        return checked.equals(latest);
    }
}
