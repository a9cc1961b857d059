package dev.coffer.core.job;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a backup job is. A transition is a method on the state that it leaves; what is impossible has no method.
 *
 * <pre>
 *           stopAsked                       stopAsked
 *   +----------------------+   +------------------------------+
 *   |                      v   |                              v
 * Created -> Pending -> Running ------> Completed          Aborting -> Aborted
 *   |  ^        |        | |  \-------> Failed
 *   |  +--------+        | \----------> Expired   (completion window over)
 *   |  +-----------------+
 *   |   try again          (a lapsed lease: claimedBy again, same job)
 *   +--------------------------------> Expired   (start window over)
 * </pre>
 */
public sealed interface BackupState extends Job.State {
    /** Waiting to start. {@code notBefore} is when it may be claimed; {@code obstacle} is why it did not start so far. */
    record Created(Instant notBefore, Optional<String> obstacle) implements BackupState {
        public Pending claimedBy(Lease lease) {
            return new Pending(lease);
        }

        public Aborted stopped(Instant at) {
            return new Aborted(at, STOPPED_BY_USER);
        }

        public Expired windowMissed(Instant at, String message) {
            return new Expired(at, message);
        }

        @Override
        public String wireName() {
            return "CREATED";
        }
    }

    /** Claimed, and its start conditions are being looked at. */
    record Pending(Lease lease) implements Held {
        public Running started(Instant at) {
            return new Running(lease, at);
        }

        /** A start condition is not met yet. */
        public Created postponed(Instant notBefore, String obstacle) {
            return new Created(notBefore, Optional.of(obstacle));
        }

        public Failed failed(Instant at, String message) {
            return new Failed(at, message);
        }

        public Aborting stopAsked(Instant startedAt) {
            return new Aborting(lease, startedAt);
        }

        public Pending claimedAgain(Lease newLease) {
            return new Pending(newLease);
        }

        @Override
        public Pending renewed(Lease newLease) {
            return new Pending(newLease);
        }

        @Override
        public String wireName() {
            return "PENDING";
        }
    }

    /** Moving data. */
    record Running(Lease lease, Instant startedAt) implements Held {
        public Completed completed(Instant at, Optional<String> message) {
            return new Completed(at, message);
        }

        public Failed failed(Instant at, String message) {
            return new Failed(at, message);
        }

        /** A passing fault while the start window is open: the job tries again. */
        public Created postponed(Instant notBefore, String obstacle) {
            return new Created(notBefore, Optional.of(obstacle));
        }

        public Expired windowOver(Instant at, String message) {
            return new Expired(at, message);
        }

        public Aborting stopAsked() {
            return new Aborting(lease, startedAt);
        }

        public Running claimedAgain(Lease newLease) {
            return new Running(newLease, startedAt);
        }

        @Override
        public Running renewed(Lease newLease) {
            return new Running(newLease, startedAt);
        }

        @Override
        public String wireName() {
            return "RUNNING";
        }
    }

    /** Asked to stop; becomes {@link Aborted} when its runner has come back, or its lease has lapsed. */
    record Aborting(Lease lease, Instant startedAt) implements Held {
        public Aborted aborted(Instant at) {
            return new Aborted(at, STOPPED_BY_USER);
        }

        @Override
        public Aborting renewed(Lease newLease) {
            return new Aborting(newLease, startedAt);
        }

        @Override
        public String wireName() {
            return "ABORTING";
        }
    }

    /** A state in which a runner holds the job. */
    sealed interface Held extends BackupState permits Pending, Running, Aborting {
        Lease lease();

        /** The same state under a longer lease. */
        Held renewed(Lease newLease);
    }

    /** A state that no job leaves. */
    sealed interface Ended extends BackupState {
        Instant at();

        /** What the user reads; absent when there is nothing to say. */
        default Optional<String> statusMessage() {
            return switch (this) {
                case Completed(var _, var message) -> message;
                case Failed(var _, var message) -> Optional.of(message);
                case Aborted(var _, var message) -> Optional.of(message);
                case Expired(var _, var message) -> Optional.of(message);
            };
        }
    }

    /** The recovery point is restorable from the vault alone. With a message: completed with issues. */
    record Completed(Instant at, Optional<String> message) implements Ended {
        @Override
        public String wireName() {
            return "COMPLETED";
        }
    }

    record Failed(Instant at, String message) implements Ended {
        @Override
        public String wireName() {
            return "FAILED";
        }
    }

    record Aborted(Instant at, String message) implements Ended {
        @Override
        public String wireName() {
            return "ABORTED";
        }
    }

    record Expired(Instant at, String message) implements Ended {
        @Override
        public String wireName() {
            return "EXPIRED";
        }
    }

    /** AWS's text for a job that a user has stopped. */
    String STOPPED_BY_USER = "Backup job was stopped by user.";
}
