package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What has become of a run so far: {@code Open -> Done | Missed}, or at once {@code Missed} or {@code Merged}. A transition is a method on the state that it leaves.
 */
public sealed interface RunState {
    String OPEN = "OPEN";
    String DONE = "DONE";
    String MISSED = "MISSED";
    String MERGED = "MERGED";

    /** The names of the states. */
    List<String> WIRE_NAMES = List.of(OPEN, DONE, MISSED, MERGED);

    /** As it is shown and stored. */
    String wireName();

    /** How many resources have their jobs. */
    long jobs();

    /** When it ended; empty while it is open. */
    Optional<Instant> endedAt();

    /**
     * Its jobs are being created, in the order of the resources' ARNs.
     *
     * @param after the last resource that has its job
     * @param jobs how many have
     */
    record Open(Optional<Arn> after, long jobs) implements RunState {
        /** No resource has its job yet. */
        public static final Open FRESH = new Open(Optional.empty(), 0);

        /** More resources have their jobs. */
        public Open wentTo(Arn last, long more) {
            return new Open(Optional.of(last), jobs + more);
        }

        /** Every resource has its job. */
        public Done done(Instant at) {
            return new Done(at, jobs);
        }

        /** It was not carried out, or not to its end. */
        public Missed missed(Instant at, String reason) {
            return new Missed(at, reason, jobs);
        }

        @Override
        public String wireName() {
            return OPEN;
        }

        @Override
        public Optional<Instant> endedAt() {
            return Optional.empty();
        }
    }

    /** Every resource got its job. */
    record Done(Instant at, long jobs) implements RunState {
        @Override
        public String wireName() {
            return DONE;
        }

        @Override
        public Optional<Instant> endedAt() {
            return Optional.of(at);
        }
    }

    /** There are no jobs, or not all; {@code reason} is for the operator. */
    record Missed(Instant at, String reason, long jobs) implements RunState {
        /** Whether some of its jobs were created. */
        public boolean inPart() {
            return jobs > 0;
        }

        @Override
        public String wireName() {
            return MISSED;
        }

        @Override
        public Optional<Instant> endedAt() {
            return Optional.of(at);
        }
    }

    /** A run of another rule of the plan stood for it. */
    record Merged(Instant at, RuleId into) implements RunState {
        @Override
        public String wireName() {
            return MERGED;
        }

        @Override
        public long jobs() {
            return 0;
        }

        @Override
        public Optional<Instant> endedAt() {
            return Optional.of(at);
        }
    }
}
