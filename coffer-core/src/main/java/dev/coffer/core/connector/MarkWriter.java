package dev.coffer.core.connector;

import dev.coffer.core.repository.Capture;

/** Takes the mark of one round. */
public interface MarkWriter {
    /**
     * Writes a mark that covers the history after the one before it, up to and including the position; durable on return, and only then may the connector let the source forget it. At most one in each round. The session's
     * parent is {@link FollowRequest#image} for an image, else {@link FollowRequest#newest}: what is not put or kept is not in the mark; items of either can be kept. Whatever the capture throws passes through, and then there is no mark.
     */
    void write(FeedPosition to, FeedMark.Kind kind, Capture capture) throws InterruptedException;
}
