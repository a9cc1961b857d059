package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * What has become of a run so far: {@code Open -> Done | Missed}, or at once {@code Missed} or {@code Merged}. A transition is a method on the state that it leaves.
 */
public sealed interface RunState {
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
    }

    /** Every resource got its job. */
    record Done(Instant at, long jobs) implements RunState {}

    /** There are no jobs, or not all; {@code reason} is for the operator. */
    record Missed(Instant at, String reason, long jobs) implements RunState {}

    /** A run of another rule of the plan stood for it. */
    record Merged(Instant at, RuleId into) implements RunState {}
}
