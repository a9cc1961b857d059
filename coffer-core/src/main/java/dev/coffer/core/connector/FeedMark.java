package dev.coffer.core.connector;

import dev.coffer.core.repository.RecoveryPointReader;

/**
 * One mark of a series, open for reading.
 *
 * @param position where in the history it was written
 */
public record FeedMark(Kind kind, FeedPosition position, RecoveryPointReader reader) {
    /** What a mark holds. Of either kind, it holds all that the moments after the mark before it need, up to its own. */
    public enum Kind {
        /** Besides, the whole resource: for the moments from its own on, no mark before it is needed. */
        IMAGE,
        /** Only that: it needs the mark before it, and so on back to an image. */
        CHANGES
    }
}
