package dev.coffer.core.recoverypoint;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.vault.VaultLock;
import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a recovery point: the lock of its vault, legal holds, and the vault clock. Every path that deletes or changes a point asks here, in the transaction that decides.
 *
 * @param held whether a legal hold has it
 * @param continuous for a continuous backup: when the last of what it holds is over; empty within it while it is followed
 */
public record PointProtection(VaultLock lock, boolean held, VaultClock clock, Optional<Optional<Instant>> continuous) {
    /** What keeps a snapshot. */
    public PointProtection(VaultLock lock, boolean held, VaultClock clock) {
        this(lock, held, clock, Optional.empty());
    }

    /** Why a person may not delete the point. */
    public Optional<Problem> objectsToDeletion(RecoveryPoint point) {
        return lock.objectsToChanges(point.vault())
                .or(() -> ifHeld("The recovery point cannot be deleted because it has active legal hold(s)"))
                .or(() -> ifSuspect());
    }

    /** Why the point may not be cut off from its source or its parent. */
    public Optional<Problem> objectsToDisassociation(RecoveryPoint point) {
        return lock.objectsToChanges(point.vault())
                .or(() -> ifHeld("The recovery point cannot be disassociated because it has active legal hold(s)"));
    }

    /** Why the point may not get this lifecycle. A held one can be kept longer. */
    public Optional<Problem> objectsToLifecycle(RecoveryPoint point, Lifecycle wanted) {
        return lock.objectsToChanges(point.vault())
                .or(() -> wanted.isShorterThan(point.lifecycle())
                        ? ifHeld("The retention of the recovery point cannot be shortened because it has active legal"
                                + " hold(s)")
                        : Optional.empty());
    }

    /** Whether the service may delete the point because its retention is over. A lock does not keep it longer. */
    public boolean allowsExpiry(RecoveryPoint point) {
        return !held
                && continuous
                        .orElseGet(point::expiresAt)
                        .filter(clock::hasPassed)
                        .isPresent();
    }

    /**
     * Why the storage may not forget a point that is marked for deletion, however the mark came about. What never became a recovery point is not kept by anything.
     */
    public Optional<Problem> objectsToForgetting(RecoveryPoint point) {
        if (point.completedAt().isEmpty()) {
            return Optional.empty();
        }
        return ifSuspect()
                .or(() -> ifHeld("The recovery point cannot be deleted because it has active legal hold(s)"))
                .or(() -> allowsExpiry(point) ? Optional.empty() : lock.objectsToChanges(point.vault()));
    }

    private Optional<Problem> ifHeld(String text) {
        return held ? Optional.of(Problem.invalidRequest(text)) : Optional.empty();
    }

    private Optional<Problem> ifSuspect() {
        return clock.isTrusted() ? Optional.empty() : Optional.of(Problem.invalidRequest(VaultLock.SUSPECT));
    }
}
