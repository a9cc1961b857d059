package dev.coffer.core.repository;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The deduplicated, encrypted storage of one vault, shared by many threads and many processes. Faults are {@link RepositoryException}s and
 * {@link dev.coffer.core.store.StoreException}s.
 */
public interface Repository extends AutoCloseable {
    /**
     * Runs the capture, then makes its chunks, index and manifest durable in that order, and reads the manifest back. If the capture throws, nothing of it can be reached. An id that has
     * committed before returns its manifest and runs nothing, so the caller may repeat after a crash; chunks that a crashed write has stored are found again.
     *
     * @param beforeCommit runs when all data is durable and before the manifest is; an exception from it leaves no point (a lost lease must not publish)
     */
    Manifest write(
            SessionId id, PointDescription point, Optional<SessionId> parent, Capture capture, Runnable beforeCommit)
            throws InterruptedException;

    /** Opens a committed recovery point; every byte that it yields has been authenticated. NotFound if there is none. */
    RecoveryPointReader open(SessionId id) throws InterruptedException;

    /** Shows the manifest of every committed point, in the order of their ids. Needs no catalog. */
    void points(Consumer<Manifest> visit) throws InterruptedException;

    /**
     * Makes the recovery point unreachable, for good and durably; its bytes go in a later sweep. Absent counts as done: a write of the id that is under way, or begins later, ends with
     * {@link RepositoryException.Forgotten}.
     */
    void forget(SessionId id) throws InterruptedException;

    /**
     * Frees what no recovery point needs. Safe beside readers and writers in any process, and wherever it stops: the next call goes on. Whoever was there when it began, it waits for, by ending
     * early; call it again later. Nothing is freed if the needs of a point cannot be told, which is Corrupt.
     */
    SweepReport sweep() throws InterruptedException;

    /** Looks for damage. What is found is in the report, not thrown; a chunk that is found damaged is not relied on by later writes. */
    VerifyReport verify(VerifyRequest request) throws InterruptedException;

    /** Shows how two points differ, in time that goes with the difference and not with the points. */
    void compare(SessionId earlier, SessionId later, Differences differences) throws InterruptedException;

    /** Has the store keep all that the point needs, at least until the moment, where the store can; where not, nothing. A repeat with an earlier moment changes nothing. */
    void retain(SessionId id, Instant until) throws InterruptedException;

    /**
     * Moves points to cold storage, for good: what they hold and no other point needs warm is stored there, durable on return, and its warm bytes go in a later sweep. What they share with points that are not cold stays warm until
     * a later sweep finds that none of those needs it. They can be read at every moment. Points that are gone are left out; a repeat does what an earlier call left.
     *
     * @return whether it was done; false while another thread sweeps this vault: call it again later
     * @throws dev.coffer.core.store.StoreException Unavailable if the cold storage is not there, or full
     */
    boolean chill(List<SessionId> ids) throws InterruptedException;

    /** The points that {@link #chill} was called for, in the order of their ids. Needs no catalog. */
    List<SessionId> cold() throws InterruptedException;

    /** What the vault itself says of how long its points are kept. Not closed by the caller. */
    VaultFacts facts();

    /** Bytes of all blobs of the vault, as the store lists them. */
    long storedBytes() throws InterruptedException;

    @Override
    void close();
}
