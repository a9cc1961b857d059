package dev.coffer.core.legalhold;

import java.time.Instant;
import java.util.Optional;

/** The state of a legal hold: {@code Creating} to {@code Active}, either of them to {@code Canceling}, and that to {@code Canceled}. */
public sealed interface HoldState {
    /**
     * Why and when a hold was cancelled.
     *
     * @param recordUntil until when the record of the hold is kept
     */
    record Cancellation(Instant at, String description, Instant recordUntil) {}

    /**
     * Its points are being collected; all that it takes count as held already.
     *
     * @param cursor the place in the list of points from which it goes on
     */
    record Creating(Optional<String> cursor) implements HoldState {
        /** Some more points have been looked at. */
        public Creating looked(String next) {
            return new Creating(Optional.of(next));
        }

        /** All points have been collected. */
        public Active collected() {
            return new Active();
        }

        /** Somebody cancels it before all were collected. */
        public Canceling canceled(Cancellation cancellation) {
            return new Canceling(cancellation);
        }
    }

    /** All its points are held. */
    record Active() implements HoldState {
        /** Somebody cancels it. */
        public Canceling canceled(Cancellation cancellation) {
            return new Canceling(cancellation);
        }
    }

    /** Its points are being released. */
    record Canceling(Cancellation why) implements HoldState {
        /** None is held by it any more. */
        public Canceled released() {
            return new Canceled(why);
        }
    }

    /** Only its record is left. */
    record Canceled(Cancellation why) implements HoldState {}

    /** The state as AWS names it. */
    default String wireName() {
        return switch (this) {
            case Creating _ -> "CREATING";
            case Active _ -> "ACTIVE";
            case Canceling _ -> "CANCELING";
            case Canceled _ -> "CANCELED";
        };
    }

    /** The cancellation, if there was one. */
    default Optional<Cancellation> cancellation() {
        return switch (this) {
            case Creating _, Active _ -> Optional.empty();
            case Canceling(var why) -> Optional.of(why);
            case Canceled(var why) -> Optional.of(why);
        };
    }
}
