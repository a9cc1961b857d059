package dev.coffer.engine.event;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How patient deliveries are.
 *
 * @param firstPause about how long after a first failure the next attempt comes; doubled with each further one
 * @param longestPause no pause is longer
 * @param deadAfter an event that fails and is older than this is given up and counted
 */
public record DeliveryRules(Duration firstPause, Duration longestPause, Duration deadAfter) {
    private static final int DOUBLINGS = 20;

    /** One second to five minutes, for three days. */
    public static final DeliveryRules STANDARD =
            new DeliveryRules(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofDays(3));

    /** The pause after so many failures: between half and all of what the doubling gives, so that targets that failed together do not come back together. */
    Duration pause(int failures, RandomGenerator random) {
        var whole = firstPause.multipliedBy(1L << Math.clamp(failures - 1L, 0, DOUBLINGS));
        long millis = Math.max(1, Math.min(whole.toMillis(), longestPause.toMillis()));
        return Duration.ofMillis(millis - random.nextLong(millis / 2 + 1));
    }
}
