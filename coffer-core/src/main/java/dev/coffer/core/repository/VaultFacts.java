package dev.coffer.core.repository;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.lifecycle.Lifecycle;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a vault's points, as the vault's own storage has it: under a key that the catalog does not have, so that nobody can change it who can change the catalog alone. Nothing is ever overwritten; each change is a further
 * record, durable on return, and the newest counts. {@link RepositoryException.Corrupt} if that cannot be read: then nobody knows what may be deleted. Safe for many threads and processes.
 */
public interface VaultFacts {
    /** The newest lock; empty if the vault was never given one. A lock that was taken off is {@code None}. */
    Optional<LockFact> lock() throws InterruptedException;

    /**
     * Records the lock that follows the newest one.
     *
     * @return false, and no change, if there is one with its number: somebody was faster
     */
    boolean put(LockFact fact) throws InterruptedException;

    /** The newest lifecycle that the point was given after it was made; empty if it still has the one of its manifest. */
    Optional<Lifecycle> lifecycle(SessionId id) throws InterruptedException;

    /** Records a lifecycle of the point. */
    void put(SessionId id, Lifecycle lifecycle) throws InterruptedException;

    /** The newest record of every legal hold that the vault was told of, in no order. */
    List<HoldFact> holds() throws InterruptedException;

    /**
     * Records a hold, or that it is cancelled.
     *
     * @return false, and no change, if there is a record of the hold with its number
     */
    boolean put(HoldFact fact) throws InterruptedException;

    /** Removes what is recorded of a hold that is cancelled. One in force stays, and so does what the storage keeps. */
    void forget(HoldId id) throws InterruptedException;
}
