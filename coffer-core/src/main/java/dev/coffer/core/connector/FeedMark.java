package dev.coffer.core.connector;

import dev.coffer.core.repository.RecoveryPointReader;

/**
 * One mark of a series, open for reading.
 *
 * @param position where in the history it was written
 */
public record FeedMark(Kind kind, FeedPosition position, RecoveryPointReader reader) {
    /** What a mark holds. */
    public enum Kind {
        /** The whole resource; nothing before it is needed for the moments from it on. */
        IMAGE,
        /** What has changed since the mark before it; needs that one. */
        CHANGES
    }
}
