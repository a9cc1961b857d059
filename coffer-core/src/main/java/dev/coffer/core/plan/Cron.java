package dev.coffer.core.plan;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A schedule expression that was read: {@code cron(Minutes Hours Day-of-month Month Day-of-week Year)}. */
record Cron(List<Integer> minutes, List<Integer> hours, CronDays days, List<Integer> months, List<Integer> years) {
    private static final int LONGEST = 2048;
    private static final int FIELDS = 6;
    private static final String BEGIN = "cron(";

    static Cron parse(String text) {
        if (text.length() > LONGEST || !text.startsWith(BEGIN) || !text.endsWith(")")) {
            throw new NotCron("it must have the form cron(Minutes Hours Day-of-month Month Day-of-week Year)");
        }
        var fields = text.substring(BEGIN.length(), text.length() - 1).strip().split("[ \t]+", -1);
        if (fields.length != FIELDS) {
            throw new NotCron("it must have six fields and has " + fields.length);
        }
        return new Cron(
                CronField.MINUTES.values(fields[0]),
                CronField.HOURS.values(fields[1]),
                CronDays.parse(fields[2], fields[4]),
                CronField.MONTH.values(fields[3]),
                CronField.YEAR.values(fields[5]));
    }

    /** The first instant after this one. A local time that the zone skips does not fire; of one that it has twice, the first does. */
    Optional<Instant> next(Instant after, ZoneId zone) {
        var from = LocalDate.ofInstant(after, zone);
        for (int year : years) {
            if (year < from.getYear()) {
                continue;
            }
            for (int month : months) {
                var days = YearMonth.of(year, month);
                if (days.isBefore(YearMonth.from(from))) {
                    continue;
                }
                for (int day : this.days.in(days)) {
                    var date = days.atDay(day);
                    var found = date.isBefore(from) ? Optional.<Instant>empty() : nextOn(date, after, zone);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> nextOn(LocalDate date, Instant after, ZoneId zone) {
        for (int hour : hours) {
            for (int minute : minutes) {
                var local = LocalDateTime.of(date.getYear(), date.getMonth(), date.getDayOfMonth(), hour, minute);
                var offsets = zone.getRules().getValidOffsets(local);
                if (!offsets.isEmpty()) {
                    var instant = local.toInstant(offsets.getFirst());
                    if (instant.isAfter(after)) {
                        return Optional.of(instant);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
