package dev.coffer.core.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a sink has come, and how it goes.
 *
 * @param sink the sink's name
 * @param position the last place in the outbox that it has taken
 * @param delivered how many messages it has taken
 * @param dead how many it has not taken within their time; they do not come again
 * @param attempts failed attempts since the last success
 * @param notBefore when the next attempt may be made
 * @param lastError why the last attempt failed; gone after a success
 * @param digestDay the last day, in the digest's zone, whose digest was sent or given up
 */
public record SinkState(
        String sink,
        long position,
        long delivered,
        long dead,
        int attempts,
        Optional<Instant> notBefore,
        Optional<String> lastError,
        Optional<Instant> lastErrorAt,
        Optional<Instant> lastDeliveredAt,
        Optional<String> digestDay) {
    private static final int LONGEST_ERROR = 1000;

    public SinkState {
        lastError = lastError.map(
                text -> text.length() > LONGEST_ERROR ? text.substring(0, LONGEST_ERROR - 1) + "…" : text);
    }

    /** A sink that takes what comes behind the position. */
    public static SinkState at(String sink, long position) {
        return new SinkState(
                sink,
                position,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether an attempt may be made. A clock that was set back far holds it up no longer than the longest pause. */
    public boolean isDue(Instant now, Duration longestPause) {
        return notBefore
                .filter(moment -> now.isBefore(moment) && !now.isBefore(moment.minus(longestPause)))
                .isEmpty();
    }

    /** After events that are not for the sink. */
    public SinkState passed(long to) {
        return new SinkState(
                sink, to, delivered, dead, attempts, notBefore, lastError, lastErrorAt, lastDeliveredAt, digestDay);
    }

    /** After a message that was taken. */
    public SinkState taken(long to, Instant at) {
        return new SinkState(
                sink,
                to,
                delivered + 1,
                dead,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(at),
                digestDay);
    }

    /** After an attempt that failed. */
    public SinkState failed(String why, Instant at, Instant next) {
        return new SinkState(
                sink,
                position,
                delivered,
                dead,
                attempts + 1,
                Optional.of(next),
                Optional.of(why),
                Optional.of(at),
                lastDeliveredAt,
                digestDay);
    }

    /** After giving up messages that waited too long. */
    public SinkState buried(long to, long messages) {
        return new SinkState(
                sink,
                to,
                delivered,
                dead + messages,
                attempts,
                notBefore,
                lastError,
                lastErrorAt,
                lastDeliveredAt,
                digestDay);
    }

    /** The state with a digest's day. */
    public SinkState onDay(Optional<String> day) {
        return new SinkState(
                sink, position, delivered, dead, attempts, notBefore, lastError, lastErrorAt, lastDeliveredAt, day);
    }
}
