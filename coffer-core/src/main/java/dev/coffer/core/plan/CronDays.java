package dev.coffer.core.plan;

import java.time.DayOfWeek;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** The days of a schedule expression: exactly one of its two day fields says them, the other is {@code ?}. */
sealed interface CronDays {
    /** The days of the month on which it fires, in their order. */
    SortedSet<Integer> in(YearMonth month);

    /** Whether it fires at most once in any month. */
    boolean atMostMonthly();

    static CronDays parse(String ofMonth, String ofWeek) {
        boolean noDay = ofMonth.equals("?");
        if (noDay == ofWeek.equals("?")) {
            throw new NotCron("exactly one of Day-of-month and Day-of-week must be ?");
        }
        return noDay ? OfWeek.parse(ofWeek) : OfMonth.parse(ofMonth);
    }

    /**
     * Days by their number.
     *
     * @param last the last day of the month
     * @param lastWeekday the last day of the month from Monday to Friday
     * @param nearWeekdays days whose nearest day from Monday to Friday of the same month is meant
     */
    record OfMonth(List<Integer> days, boolean last, boolean lastWeekday, List<Integer> nearWeekdays)
            implements CronDays {
        static OfMonth parse(String text) {
            var days = new TreeSet<Integer>();
            var near = new TreeSet<Integer>();
            boolean last = false;
            boolean lastWeekday = false;
            for (var element : CronField.elements(text.toUpperCase(Locale.ROOT))) {
                if (element.equals("L")) {
                    last = true;
                } else if (element.equals("LW")) {
                    lastWeekday = true;
                } else if (element.endsWith("W")) {
                    near.add(CronField.DAY_OF_MONTH.value(element.substring(0, element.length() - 1)));
                } else {
                    days.addAll(CronField.DAY_OF_MONTH.element(element));
                }
            }
            return new OfMonth(List.copyOf(days), last, lastWeekday, List.copyOf(near));
        }

        @Override
        public SortedSet<Integer> in(YearMonth month) {
            int length = month.lengthOfMonth();
            var fires = new TreeSet<Integer>();
            days.stream().filter(day -> day <= length).forEach(fires::add);
            if (last) {
                fires.add(length);
            }
            if (lastWeekday) {
                fires.add(nearestWeekday(month, length));
            }
            nearWeekdays.stream().filter(day -> day <= length).forEach(day -> fires.add(nearestWeekday(month, day)));
            return fires;
        }

        private static int nearestWeekday(YearMonth month, int day) {
            return switch (month.atDay(day).getDayOfWeek()) {
                case SATURDAY -> day == 1 ? day + 2 : day - 1;
                case SUNDAY -> day == month.lengthOfMonth() ? day - 2 : day + 1;
                case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
            };
        }

        @Override
        public boolean atMostMonthly() {
            return days.size() + nearWeekdays.size() + (last ? 1 : 0) + (lastWeekday ? 1 : 0) == 1;
        }
    }

    /**
     * Days by the day of the week, 1 for Sunday.
     *
     * @param days every one in the month
     * @param last the last one in the month
     * @param nth certain ones, counted from the start of the month
     */
    record OfWeek(List<Integer> days, List<Integer> last, List<Nth> nth) implements CronDays {
        /** The so-many-th of a day of the week in a month. */
        record Nth(int day, int count) {}

        private static final int LAST_DAY = 7;
        private static final int WEEKS_AT_MOST = 5;

        static OfWeek parse(String text) {
            var days = new TreeSet<Integer>();
            var last = new TreeSet<Integer>();
            var nth = new ArrayList<Nth>();
            var elements = CronField.elements(text.toUpperCase(Locale.ROOT));
            for (var element : elements) {
                int hash = element.indexOf('#');
                if (hash >= 0 && elements.size() > 1) {
                    throw new NotCron("Day-of-week can have only one expression with #");
                }
                if (hash >= 0) {
                    nth.add(new Nth(
                            CronField.DAY_OF_WEEK.value(element.substring(0, hash)),
                            count(element.substring(hash + 1))));
                } else if (element.equals("L")) {
                    days.add(LAST_DAY);
                } else if (element.endsWith("L")) {
                    last.add(CronField.DAY_OF_WEEK.value(element.substring(0, element.length() - 1)));
                } else {
                    days.addAll(CronField.DAY_OF_WEEK.element(element));
                }
            }
            return new OfWeek(List.copyOf(days), List.copyOf(last), List.copyOf(nth));
        }

        private static int count(String text) {
            if (text.length() == 1 && text.charAt(0) >= '1' && text.charAt(0) <= '0' + WEEKS_AT_MOST) {
                return text.charAt(0) - '0';
            }
            throw new NotCron("Day-of-week has #" + CronField.quoted(text) + ", which is not # and 1 to 5");
        }

        @Override
        public SortedSet<Integer> in(YearMonth month) {
            int length = month.lengthOfMonth();
            var fires = new TreeSet<Integer>();
            for (int day = 1; day <= length; day++) {
                int weekday = number(month.atDay(day).getDayOfWeek());
                var which = new Nth(weekday, (day + 6) / 7);
                if (days.contains(weekday) || (last.contains(weekday) && day + 7 > length) || nth.contains(which)) {
                    fires.add(day);
                }
            }
            return fires;
        }

        /** 1 for Sunday to 7 for Saturday. */
        private static int number(DayOfWeek day) {
            return day.getValue() % 7 + 1;
        }

        @Override
        public boolean atMostMonthly() {
            return days.isEmpty() && last.size() + nth.size() == 1;
        }
    }
}
