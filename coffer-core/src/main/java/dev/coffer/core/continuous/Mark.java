package dev.coffer.core.continuous;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import java.time.Instant;
import java.util.Optional;

/**
 * One mark of a series: a manifest in the vault, and the stretch of history that it stands for.
 *
 * @param number from 1 in steps of 1; names the manifest, see {@link Series#session}
 * @param base whether it is the first after nothing or after a gap
 * @param position where following went on after it
 * @param at the moment of what it holds
 * @param through until when it is known that nothing has changed after {@code at}; not before it
 * @param checked until when that is certain; not after {@code through}. Of moments after it a later mark may know more
 * @param gap why the history before it is lost; empty but for a base after a gap
 */
public record Mark(
        long number,
        boolean base,
        FeedMark.Kind kind,
        FeedPosition position,
        Instant at,
        Instant through,
        Instant checked,
        Optional<String> gap) {
    public Mark {
        if (through.isBefore(at)) {
            throw new IllegalArgumentException("a mark does not reach its own moment");
        }
        if (checked.isAfter(through)) {
            throw new IllegalArgumentException("a mark is certain of more than it reaches");
        }
    }

    /** A mark that is certain of all that it reaches, and no base after a gap. */
    public Mark(long number, boolean base, FeedMark.Kind kind, FeedPosition position, Instant at, Instant through) {
        this(number, base, kind, position, at, through, through, Optional.empty());
    }

    /** The same mark when it is known that nothing has changed until later. */
    public Mark reaching(FeedPosition later) {
        return new Mark(
                number,
                base,
                kind,
                position,
                at,
                later(through, later.reached()),
                later(checked, later.checked()),
                gap);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    boolean isImage() {
        return kind == FeedMark.Kind.IMAGE;
    }
}
