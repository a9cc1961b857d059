package dev.coffer.core.continuous;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a series is followed.
 *
 * <pre>
 * Followed -- obstacle at the source, role, rule --> Interrupted -- the plan's next run --> Followed
 * Followed, Interrupted -- disassociated, other retention --> Over
 * </pre>
 */
public sealed interface Standing {
    /**
     * Rounds come one after the other.
     *
     * @param message why they fail at present, though the series is not given up, or what else people should know
     * @param failingSince since when they fail; empty if they do not
     */
    record Followed(Optional<String> message, Optional<Instant> failingSince) implements Standing {
        /** Rounds that do not fail. */
        public Followed(Optional<String> message) {
            this(message, Optional.empty());
        }
    }

    /** Stopped by itself; the plan's next run takes it up again, with a gap. */
    record Interrupted(Instant at, String why) implements Standing {}

    /** Stopped for good; what was recorded expires by its retention. */
    record Over(Instant at, String why) implements Standing {}

    /** What a user reads about it. */
    default Optional<String> message() {
        return switch (this) {
            case Followed(var message, var _) -> message;
            case Interrupted(var _, var why) -> Optional.of(why);
            case Over(var _, var why) -> Optional.of(why);
        };
    }

    default boolean isFollowed() {
        return this instanceof Followed;
    }
}
