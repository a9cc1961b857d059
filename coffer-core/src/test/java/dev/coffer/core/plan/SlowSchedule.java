package dev.coffer.core.plan;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Schedule expressions by their definition: looks at every minute of real time and asks each field whether it holds. Shares no code with what it judges, and is as slow as it looks.
 */
final class SlowSchedule {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private final String[] fields;
    private final ZoneId zone;

    SlowSchedule(String expression, String zone) {
        fields = expression
                .replaceAll("^cron\\(|\\)$", "")
                .toUpperCase(Locale.ROOT)
                .split(" +");
        this.zone = ZoneId.of(zone);
    }

    /** Every instant at which it fires after the one and up to the other. */
    List<Instant> between(Instant after, Instant until) {
        var fires = new ArrayList<Instant>();
        for (var at = after.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
                !at.isAfter(until);
                at = at.plusSeconds(60)) {
            var local = at.atZone(zone);
            boolean first = local.getOffset()
                    .equals(zone.getRules()
                            .getValidOffsets(local.toLocalDateTime())
                            .getFirst());
            if (local.getSecond() == 0
                    && first
                    && holds(fields[0], local.getMinute(), 0, 59, List.of())
                    && holds(fields[1], local.getHour(), 0, 23, List.of())
                    && holds(fields[3], local.getMonthValue(), 1, 12, MONTHS)
                    && holds(fields[5], local.getYear(), 1970, 2199, List.of())
                    && day(local.toLocalDate())) {
                fires.add(at);
            }
        }
        return fires;
    }

    private boolean day(LocalDate date) {
        return fields[2].equals("?") ? ofWeek(date) : ofMonth(date);
    }

    private boolean ofMonth(LocalDate date) {
        for (var part : fields[2].split(",")) {
            var last = date.with(TemporalAdjusters.lastDayOfMonth());
            if (part.equals("L")) {
                if (date.equals(last)) {
                    return true;
                }
            } else if (part.equals("LW")) {
                if (date.equals(nearest(last))) {
                    return true;
                }
            } else if (part.endsWith("W")) {
                int day = Integer.parseInt(part.replace("W", ""));
                if (day <= last.getDayOfMonth() && date.equals(nearest(date.withDayOfMonth(day)))) {
                    return true;
                }
            } else if (holds(part, date.getDayOfMonth(), 1, 31, List.of())) {
                return true;
            }
        }
        return false;
    }

    /** The nearest working day that stays in the month. */
    private static LocalDate nearest(LocalDate date) {
        for (int far : new int[] {0, -1, 1, -2, 2}) {
            var candidate = date.plusDays(far);
            boolean weekend =
                    candidate.getDayOfWeek() == DayOfWeek.SATURDAY || candidate.getDayOfWeek() == DayOfWeek.SUNDAY;
            if (!weekend && candidate.getMonth() == date.getMonth()) {
                return candidate;
            }
        }
        throw new AssertionError("five days without a working day");
    }

    private boolean ofWeek(LocalDate date) {
        int weekday = DAYS.indexOf(date.getDayOfWeek().name().substring(0, 3)) + 1;
        for (var part : fields[4].split(",")) {
            if (part.contains("#")) {
                int count = Integer.parseInt(part.substring(part.indexOf('#') + 1));
                boolean nth = date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(count, date.getDayOfWeek())));
                if (nth && number(part.substring(0, part.indexOf('#')), 1, DAYS) == weekday) {
                    return true;
                }
            } else if (part.equals("L")) {
                if (weekday == 7) {
                    return true;
                }
            } else if (part.endsWith("L")) {
                boolean last = date.equals(date.with(TemporalAdjusters.lastInMonth(date.getDayOfWeek())));
                if (last && number(part.substring(0, part.length() - 1), 1, DAYS) == weekday) {
                    return true;
                }
            } else if (holds(part, weekday, 1, 7, DAYS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(String field, int value, int min, int max, List<String> names) {
        for (var part : field.split(",")) {
            var base = part.split("/")[0];
            int step = part.contains("/") ? Integer.parseInt(part.split("/")[1]) : 1;
            int from;
            int to;
            if (base.equals("*")) {
                from = min;
                to = max;
            } else if (base.contains("-")) {
                from = number(base.split("-")[0], min, names);
                to = number(base.split("-")[1], min, names);
            } else {
                from = number(base, min, names);
                to = part.contains("/") ? max : from;
            }
            int size = max - min + 1;
            int distance = Math.floorMod(value - from, size);
            int length = Math.floorMod(to - from, size);
            if (distance <= length && distance % step == 0) {
                return true;
            }
        }
        return false;
    }

    private static int number(String text, int min, List<String> names) {
        int named = names.indexOf(text);
        return named >= 0 ? named + min : Integer.parseInt(text);
    }
}
