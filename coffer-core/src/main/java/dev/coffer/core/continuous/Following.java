package dev.coffer.core.continuous;

import java.time.Duration;
import java.time.Instant;

/** How well a series follows its resource. */
public sealed interface Following {
    /** How long after it was due a round may begin or last before somebody should look. */
    Duration PATIENCE = Duration.ofMinutes(2);

    /** Rounds come and go as they should. */
    record UpToDate() implements Following {}

    /** It is followed, and nothing is lost yet, but the window does not move. */
    record Lagging(Instant since, String why) implements Following {}

    /**
     * It is not followed.
     *
     * @param forGood whether no run of a plan takes it up again
     */
    record Stopped(Instant since, String why, boolean forGood) implements Following {}

    static Following of(Series series, Instant now) {
        return switch (series.standing()) {
            case Standing.Interrupted(var at, var why) -> new Stopped(at, why, false);
            case Standing.Over(var at, var why) -> new Stopped(at, why, true);
            case Standing.Followed(var message, var failingSince) ->
                failingSince
                        .<Following>map(since -> new Lagging(since, message.orElse("Its rounds fail.")))
                        .orElseGet(() -> overdue(series, now));
        };
    }

    private static Following overdue(Series series, Instant now) {
        if (!series.nextAt().plus(PATIENCE).isBefore(now)) {
            return new UpToDate();
        }
        boolean running = series.lease().filter(lease -> !lease.lapsedAt(now)).isPresent();
        return new Lagging(
                series.nextAt(),
                running
                        ? "The round that was due then has not ended."
                        : "No server has carried out the round that was due then. Is one with the role worker running?");
    }
}
