package dev.coffer.core.vault;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;
import java.util.OptionalLong;

/** How many days the points of a locked vault are kept, at least and at most. Absent: no bound. */
public record RetentionBounds(OptionalLong minDays, OptionalLong maxDays) {
    /** AWS's text for a job whose lifecycle is outside. */
    public static final String OUTSIDE =
            "Backup job failed because the lifecycle is outside the valid range for backup vault.";

    private static final long DAYS_AT_MOST = 36_500;

    public RetentionBounds {
        check("MinRetentionDays", minDays);
        check("MaxRetentionDays", maxDays);
        if (minDays.isPresent() && maxDays.isPresent() && minDays.getAsLong() > maxDays.getAsLong()) {
            throw new Refused(Problem.invalid("MinRetentionDays cannot be greater than MaxRetentionDays"));
        }
    }

    /** Bounds as a request writes them. */
    public static RetentionBounds ofRequest(Optional<Long> min, Optional<Long> max) {
        return new RetentionBounds(
                min.map(OptionalLong::of).orElseGet(OptionalLong::empty),
                max.map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }

    private static void check(String name, OptionalLong days) {
        if (days.isPresent() && days.getAsLong() < 1) {
            throw new Refused(Problem.invalid(name + " must be at least 1 day"));
        }
        if (days.isPresent() && days.getAsLong() > DAYS_AT_MOST) {
            throw new Refused(Problem.invalid(name + " cannot exceed " + DAYS_AT_MOST + " days"));
        }
    }

    /** Why a new point with this lifecycle may not enter. For ever is longer than every maximum. */
    Optional<Problem> objectsTo(Lifecycle lifecycle) {
        var days = lifecycle.deleteAfterDays();
        boolean tooShort = minDays.isPresent() && days.isPresent() && days.getAsLong() < minDays.getAsLong();
        boolean tooLong = maxDays.isPresent() && (days.isEmpty() || days.getAsLong() > maxDays.getAsLong());
        return tooShort || tooLong ? Optional.of(Problem.invalid(OUTSIDE)) : Optional.empty();
    }

    /** Whether every lifecycle that may enter under these may enter under the others. */
    boolean isWithin(RetentionBounds others) {
        return minDays.orElse(0) >= others.minDays.orElse(0)
                && maxDays.orElse(Long.MAX_VALUE) <= others.maxDays.orElse(Long.MAX_VALUE);
    }
}
