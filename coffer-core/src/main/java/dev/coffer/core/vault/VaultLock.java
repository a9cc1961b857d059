package dev.coffer.core.vault;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The lock of a vault. Under a lock of either mode, from its first moment, nobody deletes a recovery point or changes its lifecycle; points leave when their own retention ends. Governance can be taken off; compliance
 * only before its lock date.
 */
public sealed interface VaultLock {
    /** The vault is not locked. */
    record None() implements VaultLock {}

    /** Locked until somebody with the permission takes the lock off. */
    record Governance(RetentionBounds bounds) implements VaultLock {}

    /**
     * Locked for good from its date on.
     *
     * @param permanentFrom its lock date: until then the lock can be changed and taken off
     */
    record Compliance(RetentionBounds bounds, Instant permanentFrom) implements VaultLock {}

    /** The bounds of a vault that is not locked, and of a lock that names none. */
    RetentionBounds UNBOUNDED = new RetentionBounds(OptionalLong.empty(), OptionalLong.empty());

    /** The fewest days for which a compliance lock can be changed. */
    long CHANGEABLE_AT_LEAST = 3;

    /** The most days. */
    long CHANGEABLE_AT_MOST = 36_500;

    /** What is not decided by a clock that is not trusted. */
    String SUSPECT =
            "The vault clock of this installation is suspect, so nothing is deleted and no lock or legal hold is weakened."
                    + " GET /coffer/v1/clock tells why; coffer clock acknowledge makes it trusted again.";

    /**
     * The lock that a request asks for: governance, or compliance if it says for how long the lock can be changed.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for days that cannot be
     */
    static VaultLock ofRequest(RetentionBounds bounds, Optional<Long> changeableForDays, VaultClock clock) {
        if (changeableForDays.isEmpty()) {
            return new Governance(bounds);
        }
        long days = changeableForDays.get();
        if (days < CHANGEABLE_AT_LEAST) {
            throw new Refused(Problem.invalid("ChangeableForDays must be at least " + CHANGEABLE_AT_LEAST + " days"));
        }
        if (days > CHANGEABLE_AT_MOST) {
            throw new Refused(Problem.invalid("ChangeableForDays cannot exceed " + CHANGEABLE_AT_MOST + " days"));
        }
        return new Compliance(bounds, clock.latest().plus(Duration.ofDays(days)));
    }

    /** How long points are kept. */
    default RetentionBounds bounds() {
        return switch (this) {
            case None() -> UNBOUNDED;
            case Governance(var bounds) -> bounds;
            case Compliance(var bounds, var _) -> bounds;
        };
    }

    /** From when the lock is for good, if it ever is. */
    default Optional<Instant> lockDate() {
        return switch (this) {
            case None() -> Optional.empty();
            case Governance(var _) -> Optional.empty();
            case Compliance(var _, var date) -> Optional.of(date);
        };
    }

    /** Whether there is a lock, in any mode, also before its date. */
    default boolean isLocked() {
        return !(this instanceof None);
    }

    /** Whether nobody can change it any more. */
    default boolean isPermanent(VaultClock clock) {
        return lockDate().filter(date -> !clock.latest().isBefore(date)).isPresent();
    }

    /** Why a new point with this lifecycle may not enter the vault. */
    default Optional<Problem> objectsTo(Lifecycle lifecycle) {
        return bounds().objectsTo(lifecycle);
    }

    /** Why nobody may delete or change a point of the vault. */
    default Optional<Problem> objectsToChanges(VaultName vault) {
        return isLocked()
                ? Optional.of(Problem.invalidRequest("Backup vault " + vault
                        + " is locked. Recovery points in a locked backup vault cannot be deleted or modified."))
                : Optional.empty();
    }

    /** Why this lock may not give way to the wanted one. A clock that is suspect lets a lock become stricter alone. */
    default Optional<Problem> objectsToReplacement(VaultLock wanted, VaultClock clock) {
        if (isPermanent(clock)) {
            return Optional.of(Problem.invalidRequest("Vault Lock configuration is immutable and cannot be modified"));
        }
        return clock.isTrusted() || wanted.isAtLeast(this)
                ? Optional.empty()
                : Optional.of(Problem.invalidRequest(SUSPECT));
    }

    /** Why this lock may not be taken off. */
    default Optional<Problem> objectsToRemoval(VaultClock clock) {
        if (isPermanent(clock)) {
            return Optional.of(Problem.invalidRequest("Vault Lock configuration is immutable and cannot be deleted"));
        }
        return clock.isTrusted() || !isLocked() ? Optional.empty() : Optional.of(Problem.invalidRequest(SUSPECT));
    }

    private boolean isAtLeast(VaultLock other) {
        boolean mode = switch (other) {
            case None() -> true;
            case Governance(var _) -> isLocked();
            case Compliance(var _, var date) ->
                lockDate().filter(mine -> !mine.isAfter(date)).isPresent();
        };
        return mode && bounds().isWithin(other.bounds());
    }
}
