package dev.coffer.engine.maintenance;

import java.time.Duration;

/**
 * When vaults are maintained by themselves.
 *
 * @param sweepEvery how often space is freed; zero for never
 * @param verifyWithin the time within which every byte is read again; zero for never
 */
public record MaintenanceSchedule(Duration sweepEvery, Duration verifyWithin) {
    /** Every hour, and 30 days. */
    public static final MaintenanceSchedule STANDARD =
            new MaintenanceSchedule(Duration.ofHours(1), Duration.ofDays(30));

    public MaintenanceSchedule {
        if (sweepEvery.isNegative() || verifyWithin.isNegative()) {
            throw new IllegalArgumentException("maintenance does not come before it went");
        }
    }
}
