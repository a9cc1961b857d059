package dev.coffer.core.job;

import dev.coffer.core.repository.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the index of a recovery point is: {@code Waiting -> Running -> Active | Failed}, from Running back to Waiting while a fault may pass, from every state to Deleting, and then its row goes. A lapsed lease lets the same walk be
 * claimed again. The index of a continuous backup is never done: after a walk it waits for the next one, and what it has walked stays searchable meanwhile.
 */
public sealed interface IndexState extends Job.State {
    /**
     * A walk through all items of a point that came to its end.
     *
     * @param at its end
     * @param items how many a search can find
     * @param session what was walked: the point itself, of a continuous backup an image
     */
    record Walk(Instant at, long items, SessionId session) {}

    /** What can be searched; empty before a first walk has ended, and after a failed one. */
    Optional<Walk> walked();

    /** The same index, which is to go. */
    default Deleting deleted(Instant at) {
        return new Deleting(at);
    }

    /** Not walked yet, or not since long. {@code notBefore} is when it may be claimed; {@code obstacle} is why it did not go on so far. */
    record Waiting(Instant notBefore, Optional<String> obstacle, Optional<Walk> walked) implements IndexState {
        public Running claimedBy(Lease lease, Instant at) {
            return new Running(lease, at, walked);
        }

        @Override
        public String wireName() {
            return walked.isPresent() ? ACTIVE : PENDING;
        }
    }

    /** Being walked. */
    record Running(Lease lease, Instant startedAt, Optional<Walk> walked) implements IndexState {
        public Active completed(Walk walk) {
            return new Active(walk);
        }

        /** What was walked can be searched; the next walk is due then. */
        public Waiting completedUntil(Walk walk, Instant next) {
            return new Waiting(next, Optional.empty(), Optional.of(walk));
        }

        public Failed failed(Instant at, String message) {
            return new Failed(at, message);
        }

        /** A later try may help; the walk waits. */
        public Waiting postponed(Instant notBefore, String why) {
            return new Waiting(notBefore, Optional.of(why), walked);
        }

        public Running claimedAgain(Lease newLease) {
            return new Running(newLease, startedAt, walked);
        }

        @Override
        public String wireName() {
            return walked.isPresent() ? ACTIVE : PENDING;
        }
    }

    /** A state that is not worked on. */
    sealed interface Ended extends IndexState {
        Instant at();
    }

    /** All items can be searched. */
    record Active(Walk walk) implements Ended {
        @Override
        public Instant at() {
            return walk.at();
        }

        @Override
        public Optional<Walk> walked() {
            return Optional.of(walk);
        }

        @Override
        public String wireName() {
            return ACTIVE;
        }
    }

    /** It could not be made. */
    record Failed(Instant at, String message) implements Ended {
        @Override
        public Optional<Walk> walked() {
            return Optional.empty();
        }

        @Override
        public String wireName() {
            return FAILED;
        }
    }

    /** About to go, since the moment. */
    record Deleting(Instant at) implements Ended {
        @Override
        public Optional<Walk> walked() {
            return Optional.empty();
        }

        @Override
        public String wireName() {
            return DELETING;
        }
    }

    /** AWS's names of the states. */
    String PENDING = "PENDING";

    String ACTIVE = "ACTIVE";
    String FAILED = "FAILED";
    String DELETING = "DELETING";
}
