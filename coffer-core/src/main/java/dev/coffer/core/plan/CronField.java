package dev.coffer.core.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The rules of one field of a schedule expression: lists of values, ranges and steps over them.
 *
 * @param names words for the values, the first for {@code min}; none if there are none
 * @param wraps whether a range may go over the end, as {@code 20-2} does
 */
record CronField(String called, int min, int max, List<String> names, boolean wraps) {
    static final CronField MINUTES = new CronField("Minutes", 0, 59, List.of(), true);
    static final CronField HOURS = new CronField("Hours", 0, 23, List.of(), true);
    static final CronField DAY_OF_MONTH = new CronField("Day-of-month", 1, 31, List.of(), true);
    static final CronField MONTH = new CronField(
            "Month",
            1,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
            true);
    static final CronField DAY_OF_WEEK =
            new CronField("Day-of-week", 1, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), true);
    static final CronField YEAR = new CronField("Year", 1970, 2199, List.of(), false);

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,4}");

    /** The values of the field in their order, each once. */
    List<Integer> values(String text) {
        var values = new TreeSet<Integer>();
        for (var element : elements(text)) {
            values.addAll(element(element));
        }
        return List.copyOf(values);
    }

    static List<String> elements(String text) {
        return List.of(text.split(",", -1));
    }

    /** The values of one element of the list. */
    List<Integer> element(String text) {
        int slash = text.indexOf('/');
        var base = slash < 0 ? text : text.substring(0, slash);
        int step = slash < 0 ? 1 : step(text.substring(slash + 1));
        int dash = base.indexOf('-');
        int first;
        int last;
        if (base.equals("*")) {
            first = min;
            last = max;
        } else if (dash >= 0) {
            first = value(base.substring(0, dash));
            last = value(base.substring(dash + 1));
        } else {
            first = value(base);
            last = slash < 0 ? first : max;
        }
        if (first > last && !wraps) {
            throw new NotCron(called + " has the range " + base + ", whose end is before its start");
        }
        int count = first <= last ? last - first : max - first + 1 + last - min;
        var values = new TreeSet<Integer>();
        for (int at = 0; at <= count; at += step) {
            int value = first + at;
            values.add(value > max ? value - max - 1 + min : value);
        }
        return List.copyOf(values);
    }

    /** The number that a value or its name stands for. */
    int value(String text) {
        return number(text)
                .filter(number -> number >= min && number <= max)
                .orElseThrow(() -> new NotCron(called + " has " + quoted(text) + ", which is not one of " + range()));
    }

    private Optional<Integer> number(String text) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (named >= 0) {
            return Optional.of(min + named);
        }
        return DIGITS.matcher(text).matches() ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    private int step(String text) {
        if (!DIGITS.matcher(text).matches() || Integer.parseInt(text) < 1) {
            throw new NotCron(called + " has the step " + quoted(text) + ", which is not a number from 1");
        }
        return Integer.parseInt(text);
    }

    private String range() {
        return min + " to " + max + (names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast());
    }

    static String quoted(String text) {
        return "'" + text + "'";
    }
}
