package dev.coffer.core.connector;

import java.util.Optional;

/** How far one round of following came. */
public sealed interface Round {
    /**
     * Every change up to the position is in a mark, or there was none. The next round begins there.
     *
     * @param remark what people should know although the round came so far, for example that a source of hints is gone; shown until a round has another one or none
     */
    record Reached(FeedPosition position, Optional<String> remark) implements Round {
        /** A round that has nothing to tell. */
        public Reached(FeedPosition position) {
            this(position, Optional.empty());
        }
    }

    /**
     * The source no longer has all of the history after the place where the round began: a gap. What was recorded before stays; a new base is made, and no moment in between can be restored.
     *
     * @param why for people
     */
    record Lost(String why) implements Round {}
}
