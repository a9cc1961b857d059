package dev.coffer.core.connector;

/** How far one round of following came. */
public sealed interface Round {
    /** Every change up to the position is in a mark, or there was none. The next round begins there. */
    record Reached(FeedPosition position) implements Round {}

    /**
     * The source no longer has all of the history after the place where the round began: a gap. What was recorded before stays; a new base is made, and no moment in between can be restored.
     *
     * @param why for people
     */
    record Lost(String why) implements Round {}
}
