package dev.coffer.core.lifecycle;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When a recovery point moves to cold storage and when it goes, in days after its creation. Both absent: kept, warm, for ever. The rules are
 * AWS Backup's: 1 to 36500 days, and at least 90 days in cold storage.
 */
public record Lifecycle(OptionalLong coldAfterDays, OptionalLong deleteAfterDays, Optional<Boolean> optInToArchive) {
    private static final long COLD_DAYS_AT_LEAST = 90;
    private static final long DAYS_AT_MOST = 36_500;
    private static final long FOREVER = -1;

    /** Kept for ever. */
    public static final Lifecycle NONE = new Lifecycle(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    public Lifecycle {
        deleteAfterDays.ifPresent(days -> {
            if (days < 1 || days > DAYS_AT_MOST) {
                throw new Refused(Problem.invalid(
                                "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days")
                        .withCode("ERROR_3015"));
            }
        });
        coldAfterDays.ifPresent(days -> {
            if (days < 1 || days > DAYS_AT_MOST) {
                throw new Refused(Problem.invalid(
                                "Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than 1 or more than 36500 days")
                        .withCode("ERROR_3015"));
            }
        });
        if (coldAfterDays.isPresent()
                && deleteAfterDays.isPresent()
                && deleteAfterDays.getAsLong() - coldAfterDays.getAsLong() < COLD_DAYS_AT_LEAST) {
            throw new Refused(
                    Problem.invalid("Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from"
                                    + " MoveToColdStorageAfterDays (DeleteAfterDays is " + deleteAfterDays.getAsLong()
                                    + ", MoveToColdStorageAfterDays is " + coldAfterDays.getAsLong() + ")")
                            .withCode("ERROR_3015"));
        }
    }

    /**
     * A lifecycle as a request writes it: -1 stands for never, and 0 days to cold storage for absent.
     *
     * @throws Refused with AWS's text if the days break a rule
     */
    public static Lifecycle ofRequest(Optional<Long> cold, Optional<Long> delete, Optional<Boolean> optInToArchive) {
        return new Lifecycle(
                cold.filter(days -> days != FOREVER && days != 0)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                delete.filter(days -> days != FOREVER).map(OptionalLong::of).orElse(OptionalLong.empty()),
                optInToArchive);
    }

    /**
     * The lifecycle of a copy, which counts from the creation of its source (AWS Backup: copy actions).
     *
     * @param wanted what was asked for; without it the copy has the source's, and without days to deletion it goes when the source does
     * @throws Refused if the source's deletion is less than 90 days after the copy's move to cold storage
     */
    public static Lifecycle ofCopy(Optional<Lifecycle> wanted, Lifecycle source) {
        if (wanted.isEmpty()) {
            return source;
        }
        var own = wanted.get();
        return new Lifecycle(
                own.coldAfterDays(),
                own.deleteAfterDays().isPresent() ? own.deleteAfterDays() : source.deleteAfterDays(),
                own.optInToArchive());
    }

    /** Whether nothing is set. */
    public boolean isForever() {
        return coldAfterDays.isEmpty() && deleteAfterDays.isEmpty();
    }

    /** Whether a point is kept for fewer days under this one than under the other. */
    public boolean isShorterThan(Lifecycle other) {
        return deleteAfterDays.orElse(Long.MAX_VALUE) < other.deleteAfterDays.orElse(Long.MAX_VALUE);
    }

    /** When a point that was created then is due for deletion. */
    public Optional<Instant> deleteAt(Instant createdAt) {
        return after(createdAt, deleteAfterDays);
    }

    /** When a point that was created then is due for cold storage. */
    public Optional<Instant> coldAt(Instant createdAt) {
        return after(createdAt, coldAfterDays);
    }

    private static Optional<Instant> after(Instant createdAt, OptionalLong days) {
        return days.isPresent() ? Optional.of(createdAt.plus(Duration.ofDays(days.getAsLong()))) : Optional.empty();
    }
}
