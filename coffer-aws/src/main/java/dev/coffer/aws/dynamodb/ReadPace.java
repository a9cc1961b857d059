package dev.coffer.aws.dynamodb;

import java.time.Duration;
import java.time.Instant;

/** Holds the readers of a table to a number of capacity units for a second. Safe for many threads. */
final class ReadPace {
    private static final double NANOS = 1e9;

    private final Calls calls;
    private final double unitsForASecond;
    private Instant paidUntil = Instant.MIN;

    /**
     * A pace.
     *
     * @param unitsForASecond infinite for no bound
     */
    ReadPace(Calls calls, double unitsForASecond) {
        this.calls = calls;
        this.unitsForASecond = unitsForASecond;
    }

    /** Waits until the units that were just used are paid for. */
    void used(double units) throws InterruptedException {
        var wait = Duration.between(calls.clock().instant(), owed(units));
        if (wait.isPositive()) {
            calls.pause(wait);
        }
    }

    private synchronized Instant owed(double units) {
        var now = calls.clock().instant();
        var from = paidUntil.isAfter(now) ? paidUntil : now;
        paidUntil = from.plusNanos((long) (units / unitsForASecond * NANOS));
        return paidUntil;
    }
}
