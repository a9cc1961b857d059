package dev.coffer.core.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of the time, as an interval of which both ends only move forwards. What deletes needs {@link #hasPassed}, which asks the early end; what weakens a lock needs {@link #isBefore}, which asks the late end; a
 * clock that is suspect says no to both. So moving the host's clock forwards frees nothing, and moving it back opens nothing again.
 *
 * <p>While the process runs, the early end moves by the smaller of what the monotonic and the host's clock have counted. Across a time without a process it moves by what the host's clock and an outside source agree
 * on; by the host's clock alone it moves {@link #ALLOWANCE} at most, in all, until an outside source or a person confirms it.
 *
 * @param earliest it is not earlier than this
 * @param latest it is not later than this, as far as a credible source says
 * @param system the host's clock when this was made
 * @param allowance how far the host's clock alone may still move the early end
 * @param unexplained how far the host's clock was moved against the others, in all
 */
public record VaultClock(
        Instant earliest,
        Instant latest,
        Instant system,
        Duration allowance,
        Duration unexplained,
        Optional<Suspicion> suspicion) {
    /** What the host's clock alone is believed, and what it may be moved by before it is suspect. */
    public static final Duration ALLOWANCE = Duration.ofHours(24);

    private static final Duration BACK = Duration.ofMinutes(5);

    /** A clock that begins with what the host's clock shows. */
    public static VaultClock begun(Instant system) {
        return new VaultClock(system, system, system, ALLOWANCE, Duration.ZERO, Optional.empty());
    }

    /** A clock of which no record is left: nothing is over, until two outside sources say so. */
    public static VaultClock unknown(Instant system) {
        return new VaultClock(Instant.EPOCH, system, system, Duration.ZERO, Duration.ZERO, Optional.empty())
                .suspect(Suspicion.Reason.RECORD_BROKEN);
    }

    /**
     * The clock after the same process ran on.
     *
     * @param monotonic what a clock that nobody can set has counted since
     * @param now the host's clock
     * @param readings outside sources, if any answered
     */
    public VaultClock ran(Duration monotonic, Instant now, List<TimeReading> readings) {
        var counted = Duration.between(system, now);
        var credible = notNegative(smaller(monotonic, counted));
        var shift = unexplained.plus(counted.minus(monotonic).abs());
        var seen = shift.compareTo(ALLOWANCE) > 0 ? Optional.of(Suspicion.Reason.JUMPED) : backOrApart(now, readings);
        return moved(credible, monotonic, now, allowance, shift, seen).settled(now, readings);
    }

    /** The clock after a time in which no process of this installation ran. */
    public VaultClock resumed(Instant now, List<TimeReading> readings) {
        var away = Duration.between(system, now);
        var agreement = Agreement.of(now, readings);
        if (agreement.confirmsHost() && suspicion.isEmpty()) {
            // The first bound alone would add up what the host's clock was behind, each time a little.
            var credible = notNegative(smaller(
                    Duration.between(system, agreement.earliest()), Duration.between(earliest, agreement.earliest())));
            return moved(
                            credible,
                            credible,
                            now,
                            allowanceAt(agreement.earliest()),
                            Duration.ZERO,
                            backOrApart(now, readings))
                    .settled(now, readings);
        }
        var credible = notNegative(smaller(away, allowance));
        var shift = unexplained.plus(notNegative(away.minus(credible)));
        var seen = shift.compareTo(ALLOWANCE) > 0
                ? Optional.of(Suspicion.Reason.LONG_ABSENCE)
                : backOrApart(now, readings);
        return moved(credible, credible, now, allowance.minus(credible), shift, seen)
                .settled(now, readings);
    }

    /** The clock as one sees it who cannot count on from it: the early end stays, and what is over by the host's clock is not taken to come. */
    public VaultClock seen(Instant now) {
        return new VaultClock(
                earliest, isTrusted() ? later(latest, now) : latest, system, allowance, unexplained, suspicion);
    }

    /** The same clock, not trusted any more. */
    public VaultClock suspect(Suspicion.Reason reason) {
        return suspicion.isPresent()
                ? this
                : new VaultClock(
                        earliest, latest, system, allowance, unexplained, Optional.of(new Suspicion(reason, system)));
    }

    /**
     * The clock after a person has vouched for the host's. The early end moves only to what two outside sources and the host's clock agree on, and else stays: what was due to go then goes so much later.
     */
    public VaultClock acknowledged(Instant now, List<TimeReading> readings) {
        var agreement = Agreement.of(now, readings);
        return new VaultClock(
                agreement.confirmsHostTwice() ? later(earliest, agreement.earliest()) : earliest,
                later(latest, now),
                now,
                allowanceAt(now),
                Duration.ZERO,
                Optional.empty());
    }

    /** Whether the moment is surely over. */
    public boolean hasPassed(Instant moment) {
        return isTrusted() && !earliest.isBefore(moment);
    }

    /** Whether the moment is surely still to come. */
    public boolean isBefore(Instant moment) {
        return isTrusted() && latest.isBefore(moment);
    }

    /** Whether anything may be decided by it that cannot be undone. */
    public boolean isTrusted() {
        return suspicion.isEmpty();
    }

    /** How far the early end is behind the host's clock; what is due goes so much later. */
    public Duration lag() {
        return notNegative(Duration.between(earliest, system));
    }

    private VaultClock moved(
            Duration credible,
            Duration passed,
            Instant now,
            Duration left,
            Duration shift,
            Optional<Suspicion.Reason> seen) {
        var doubt = suspicion.or(() -> seen.map(reason -> new Suspicion(reason, now)));
        var late = latest.plus(passed);
        return new VaultClock(
                earliest.plus(credible), doubt.isPresent() ? late : later(late, now), now, left, shift, doubt);
    }

    private VaultClock settled(Instant now, List<TimeReading> readings) {
        var agreement = Agreement.of(now, readings);
        boolean clears = suspicion
                .filter(doubt -> doubt.reason().clearsByItself() && agreement.confirmsHostTwice())
                .isPresent();
        return clears
                ? new VaultClock(
                        later(earliest, agreement.earliest()),
                        later(latest, now),
                        now,
                        allowanceAt(agreement.earliest()),
                        Duration.ZERO,
                        Optional.empty())
                : this;
    }

    /** What the host's clock alone may be believed from a time on that is confirmed: as much less as the early end is ahead of it. */
    private Duration allowanceAt(Instant confirmed) {
        return notNegative(ALLOWANCE.minus(notNegative(Duration.between(confirmed, earliest))));
    }

    private Optional<Suspicion.Reason> backOrApart(Instant now, List<TimeReading> readings) {
        if (now.isBefore(system.minus(BACK))) {
            return Optional.of(Suspicion.Reason.WENT_BACK);
        }
        return Agreement.contradicts(now, readings) ? Optional.of(Suspicion.Reason.SOURCES_DISAGREE) : Optional.empty();
    }

    private static Duration smaller(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
