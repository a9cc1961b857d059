package dev.coffer.core.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;

/**
 * When a rule fires: a cron expression of AWS Backup, read in a time zone, at most once an hour. Immutable; equal if expression and zone are.
 *
 * <p>In the days on which clocks change, a local time that does not exist is skipped, and one that exists twice fires the first time only.
 */
public final class Schedule {
    /** AWS's expression of a rule that gives none: daily at 5. */
    public static final String USUAL_EXPRESSION = "cron(0 5 ? * * *)";

    /** AWS's zone of a rule that gives none. */
    public static final String USUAL_ZONE = "Etc/UTC";

    private final String expression;
    private final ZoneId zone;
    private final Cron cron;

    private Schedule(String expression, ZoneId zone, Cron cron) {
        this.expression = expression;
        this.zone = zone;
        this.cron = cron;
    }

    /**
     * Reads a schedule.
     *
     * @param zone the IANA name of a time zone
     * @throws Refused INVALID_PARAMETER_VALUE if it is not one, or fires more often than hourly
     */
    public static Schedule of(String expression, String zone) {
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            throw new Refused(Problem.invalid("Invalid schedule expression timezone " + zone
                    + ". Use the name of an IANA time zone, for example Europe/Berlin"));
        }
        Cron cron;
        try {
            cron = Cron.parse(expression);
        } catch (NotCron wrong) {
            throw new Refused(Problem.invalid("Invalid schedule expression " + expression + ": " + wrong.getMessage()));
        }
        if (cron.minutes().size() > 1) {
            throw new Refused(Problem.invalid(
                    "Invalid schedule expression " + expression + ": it fires more often than once an hour"));
        }
        return new Schedule(expression, ZoneId.of(zone), cron);
    }

    /** The expression as it was given. */
    public String expression() {
        return expression;
    }

    /** The IANA name of the zone. */
    public String zone() {
        return zone.getId();
    }

    /** The first instant after this one at which it fires; empty if it never does again. */
    public Optional<Instant> next(Instant after) {
        return cron.next(after, zone);
    }

    /** Whether it fires at most once in any month. */
    public boolean atMostMonthly() {
        return cron.hours().size() == 1 && cron.days().atMostMonthly();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Schedule same && expression.equals(same.expression) && zone.equals(same.zone);
    }

    @Override
    public int hashCode() {
        return Objects.hash(expression, zone);
    }

    @Override
    public String toString() {
        return expression + " " + zone;
    }
}
