package dev.coffer.core.connector;

import java.time.Instant;

/**
 * A place in the history of a resource, as far as it has been followed.
 *
 * @param token what only the connector can read, for example where it stopped in a stream; empty if it needs none. Kept in the manifest of the mark, so at most {@link #TOKEN_BYTES_AT_MOST} bytes, and nothing secret
 * @param reached the moment, by the clock of the source, up to and including which every change is known; to the millisecond
 */
public record FeedPosition(String token, Instant reached) {
    /** The longest token, in bytes of UTF-8. */
    public static final int TOKEN_BYTES_AT_MOST = 16 * 1024;
}
