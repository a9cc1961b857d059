package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a restore job is: {@code Pending -> Running -> Completed | Failed}. A lapsed lease lets the same job be claimed again; no operation stops a restore
 * (AWS Backup).
 */
public sealed interface RestoreState extends Job.State {
    /** Waiting for a free place; {@code notBefore} is when it may be claimed. */
    record Pending(Instant notBefore) implements RestoreState {
        public Running claimedBy(Lease lease, Instant at) {
            return new Running(lease, at);
        }

        @Override
        public String wireName() {
            return "PENDING";
        }
    }

    /** The target is being made or filled. */
    record Running(Lease lease, Instant startedAt) implements RestoreState {
        public Completed completed(Instant at, Arn created, Optional<String> message) {
            return new Completed(at, created, message);
        }

        public Failed failed(Instant at, String message) {
            return new Failed(at, message);
        }

        /** A later try may help; the job waits. */
        public Pending postponed(Instant notBefore) {
            return new Pending(notBefore);
        }

        public Running claimedAgain(Lease newLease) {
            return new Running(newLease, startedAt);
        }

        public Running renewed(Lease newLease) {
            return new Running(newLease, startedAt);
        }

        @Override
        public String wireName() {
            return "RUNNING";
        }
    }

    /** A state that no job leaves. */
    sealed interface Ended extends RestoreState {
        Instant at();

        /** What the user reads; absent when there is nothing to say. */
        default Optional<String> statusMessage() {
            return switch (this) {
                case Completed(var _, var _, var message) -> message;
                case Failed(var _, var message) -> Optional.of(message);
            };
        }
    }

    record Completed(Instant at, Arn created, Optional<String> message) implements Ended {
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
}
