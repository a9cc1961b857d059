package dev.coffer.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time that a server goes by.
 *
 * @param system the host's clock
 * @param monotonic nanoseconds that nobody can set
 * @param haste how many times as often as usual the loops look: 1 on a host. Whoever runs a server under a clock that leaps lets them keep up with it; no configuration can say so
 */
public record ServerTime(InstantSource system, LongSupplier monotonic, int haste) {
    private static final Duration AT_LEAST = Duration.ofMillis(20);

    public ServerTime {
        if (haste < 1) {
            throw new IllegalArgumentException("haste is at least 1");
        }
    }

    /** The host's time, with its clock seen through this source. */
    public static ServerTime ofHost(InstantSource system) {
        return new ServerTime(system, System::nanoTime, 1);
    }

    /** How often a loop looks that usually looks so often. */
    Duration every(Duration usual) {
        var hasty = usual.dividedBy(haste);
        return haste == 1 || hasty.compareTo(AT_LEAST) > 0 ? hasty : AT_LEAST;
    }
}
