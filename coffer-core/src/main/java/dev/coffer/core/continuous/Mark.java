package dev.coffer.core.continuous;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import java.time.Instant;

/**
 * One mark of a series: a manifest in the vault, and the stretch of history that it stands for.
 *
 * @param number from 1 in steps of 1; names the manifest, see {@link Series#session}
 * @param base whether it is the first after nothing or after a gap
 * @param position where following went on after it
 * @param at the moment of what it holds
 * @param through until when it is known that nothing has changed after {@code at}; not before it
 */
public record Mark(long number, boolean base, FeedMark.Kind kind, FeedPosition position, Instant at, Instant through) {
    public Mark {
        if (through.isBefore(at)) {
            throw new IllegalArgumentException("a mark does not reach its own moment");
        }
    }

    /** The same mark when it is known that nothing has changed until later. */
    public Mark through(Instant later) {
        return new Mark(number, base, kind, position, at, later.isAfter(through) ? later : through);
    }

    boolean isImage() {
        return kind == FeedMark.Kind.IMAGE;
    }
}
