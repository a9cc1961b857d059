package dev.coffer.core.job;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a copy job is: {@code Created -> Running -> Completed | Failed}, and from Running back to Created while a fault may pass. A lapsed lease lets the same job be claimed again; no operation stops a copy, and it has no windows
 * (AWS Backup).
 */
public sealed interface CopyState extends Job.State {
    /** Waiting. {@code notBefore} is when it may be claimed; {@code obstacle} is why it did not go on so far. */
    record Created(Instant notBefore, Optional<String> obstacle) implements CopyState {
        public Running claimedBy(Lease lease, Instant at) {
            return new Running(lease, at);
        }

        @Override
        public String wireName() {
            return "CREATED";
        }
    }

    /** Moving data. */
    record Running(Lease lease, Instant startedAt) implements CopyState {
        public Completed completed(Instant at) {
            return new Completed(at);
        }

        public Failed failed(Instant at, String message) {
            return new Failed(at, message);
        }

        /** A later try may help; the job waits. */
        public Created postponed(Instant notBefore, String obstacle) {
            return new Created(notBefore, Optional.of(obstacle));
        }

        public Running claimedAgain(Lease newLease) {
            return new Running(newLease, startedAt);
        }

        @Override
        public String wireName() {
            return "RUNNING";
        }
    }

    /** A state that no job leaves. */
    sealed interface Ended extends CopyState {
        Instant at();
    }

    /** The copy is restorable from the destination vault alone. */
    record Completed(Instant at) implements Ended {
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
