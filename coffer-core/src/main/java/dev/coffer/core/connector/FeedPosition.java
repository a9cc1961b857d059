package dev.coffer.core.connector;

import java.time.Instant;

/**
 * A place in the history of a resource, as far as it has been followed.
 *
 * @param token what only the connector can read, for example where it stopped in a stream; empty if it needs none. Kept in the manifest of the mark, so at most {@link #TOKEN_BYTES_AT_MOST} bytes, and nothing secret
 * @param reached the moment, by the clock of the source, up to and including which every change is known; to the millisecond
 * @param checked the moment up to which that is certain; not after {@code reached}. Before it where the source has only told of the changes since, by messages that may be late or lost: a later mark may then know more of these moments
 */
public record FeedPosition(String token, Instant reached, Instant checked) {
    /** The longest token, in bytes of UTF-8. */
    public static final int TOKEN_BYTES_AT_MOST = 16 * 1024;

    public FeedPosition {
        if (checked.isAfter(reached)) {
            throw new IllegalArgumentException("checked is after reached");
        }
    }

    /** A place up to which everything is certain. */
    public FeedPosition(String token, Instant reached) {
        this(token, reached, reached);
    }
}
