package dev.coffer.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTest {
    private static List<Instant> next(String expression, String zone, Instant after, int count) {
        var schedule = Schedule.of(expression, zone);
        var fires = new ArrayList<Instant>();
        var next = schedule.next(after);
        while (next.isPresent() && fires.size() < count) {
            fires.add(next.get());
            next = schedule.next(next.get());
        }
        return fires;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cron(15 * ? * * *);            2026-03-01T05:15:00Z; 2026-03-01T06:15:00Z; 2026-03-01T07:15:00Z",
                "cron(0 12 * * ? *);            2026-03-01T12:00:00Z; 2026-03-02T12:00:00Z; 2026-03-03T12:00:00Z",
                "cron(0 5 ? * * *);             2026-03-02T05:00:00Z; 2026-03-03T05:00:00Z; 2026-03-04T05:00:00Z",
                "cron(0 10 ? * 6L *);           2026-03-27T10:00:00Z; 2026-04-24T10:00:00Z; 2026-05-29T10:00:00Z",
                "cron(0 10 ? * FRIL *);         2026-03-27T10:00:00Z; 2026-04-24T10:00:00Z; 2026-05-29T10:00:00Z",
                "cron(0 5 ? * SAT *);           2026-03-07T05:00:00Z; 2026-03-14T05:00:00Z; 2026-03-21T05:00:00Z",
                "cron(0 5 ? * L *);             2026-03-07T05:00:00Z; 2026-03-14T05:00:00Z; 2026-03-21T05:00:00Z",
                "cron(0 5 1 * ? *);             2026-04-01T05:00:00Z; 2026-05-01T05:00:00Z; 2026-06-01T05:00:00Z",
                "cron(0 5 L * ? *);             2026-03-31T05:00:00Z; 2026-04-30T05:00:00Z; 2026-05-31T05:00:00Z",
                "cron(0 5 LW * ? *);            2026-03-31T05:00:00Z; 2026-04-30T05:00:00Z; 2026-05-29T05:00:00Z",
                "cron(0 5 1W * ? *);            2026-03-02T05:00:00Z; 2026-04-01T05:00:00Z; 2026-05-01T05:00:00Z",
                "cron(0 5 15W * ? *);           2026-03-16T05:00:00Z; 2026-04-15T05:00:00Z; 2026-05-15T05:00:00Z",
                "cron(0 5 31W * ? *);           2026-03-31T05:00:00Z; 2026-05-29T05:00:00Z; 2026-07-31T05:00:00Z",
                "cron(0 5 28W 2 ? *);           2027-02-26T05:00:00Z; 2028-02-28T05:00:00Z; 2029-02-28T05:00:00Z",
                "cron(0 5 ? * 3#2 *);           2026-03-10T05:00:00Z; 2026-04-14T05:00:00Z; 2026-05-12T05:00:00Z",
                "cron(0 5 ? * tue#5 *);         2026-03-31T05:00:00Z; 2026-06-30T05:00:00Z; 2026-09-29T05:00:00Z",
                "cron(0 20-2 ? * * *);          2026-03-01T20:00:00Z; 2026-03-01T21:00:00Z; 2026-03-01T22:00:00Z",
                "cron(0 22-2/2 * * ? *);        2026-03-01T22:00:00Z; 2026-03-02T00:00:00Z; 2026-03-02T02:00:00Z",
                "cron(0 5 ? * FRI-MON *);       2026-03-02T05:00:00Z; 2026-03-06T05:00:00Z; 2026-03-07T05:00:00Z",
                "cron(0 13/12 * * ? *);         2026-03-01T13:00:00Z; 2026-03-02T13:00:00Z; 2026-03-03T13:00:00Z",
                "cron(0 0/12 * * ? *);          2026-03-01T12:00:00Z; 2026-03-02T00:00:00Z; 2026-03-02T12:00:00Z",
                "cron(0 */8 * * ? *);           2026-03-01T08:00:00Z; 2026-03-01T16:00:00Z; 2026-03-02T00:00:00Z",
                "cron(30 1,3,5-7 * * ? *);      2026-03-01T05:30:00Z; 2026-03-01T06:30:00Z; 2026-03-01T07:30:00Z",
                "cron(0 5 29 FEB ? *);          2028-02-29T05:00:00Z; 2032-02-29T05:00:00Z; 2036-02-29T05:00:00Z",
                "cron(0 5 1 1 ? 2030/10);       2030-01-01T05:00:00Z; 2040-01-01T05:00:00Z; 2050-01-01T05:00:00Z",
                "cron(0 5 1 NOV-FEB ? 2026,2028); 2026-11-01T05:00:00Z; 2026-12-01T05:00:00Z; 2028-01-01T05:00:00Z",
                "cron(0   5 1,L * ?   *);       2026-03-31T05:00:00Z; 2026-04-01T05:00:00Z; 2026-04-30T05:00:00Z",
            })
    void anExpressionFiresAtTheseInstantsAfterTheFirstOfMarch(
            String expression, Instant one, Instant two, Instant three) {
        assertThat(next(expression, "Etc/UTC", Instant.parse("2026-03-01T05:00:00Z"), 3))
                .containsExactly(one, two, three);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // Spring forward: 02:00 to 03:00 does not exist on 29 March 2026 in Berlin.
                "cron(30 2 * * ? *); Europe/Berlin; 2026-03-28T00:00:00Z; 2026-03-28T01:30:00Z; 2026-03-30T00:30:00Z",
                "cron(0 2 * * ? *);  Europe/Berlin; 2026-03-28T00:00:00Z; 2026-03-28T01:00:00Z; 2026-03-30T00:00:00Z",
                "cron(0 3 * * ? *);  Europe/Berlin; 2026-03-28T12:00:00Z; 2026-03-29T01:00:00Z; 2026-03-30T01:00:00Z",
                // Fall back: 02:00 to 03:00 comes twice on 25 October 2026 in Berlin.
                "cron(30 2 * * ? *); Europe/Berlin; 2026-10-24T12:00:00Z; 2026-10-25T00:30:00Z; 2026-10-26T01:30:00Z",
                "cron(0 * * * ? *);  Europe/Berlin; 2026-10-25T00:00:00Z; 2026-10-25T02:00:00Z; 2026-10-25T03:00:00Z",
                "cron(30 2 * * ? *); Europe/Berlin; 2026-10-25T00:45:00Z; 2026-10-26T01:30:00Z; 2026-10-27T01:30:00Z",
                // New York, with a change at 02:00 local time.
                "cron(30 2 * * ? *); America/New_York; 2026-03-07T12:00:00Z; 2026-03-09T06:30:00Z; 2026-03-10T06:30:00Z",
                "cron(30 1 * * ? *); America/New_York; 2026-10-31T12:00:00Z; 2026-11-01T05:30:00Z; 2026-11-02T06:30:00Z",
                // Lord Howe changes by half an hour: 02:00 to 02:30 is skipped, 01:30 to 02:00 comes twice.
                "cron(15 2 * * ? *); Australia/Lord_Howe; 2026-10-03T00:00:00Z; 2026-10-04T15:15:00Z; 2026-10-05T15:15:00Z",
                "cron(45 1 * * ? *); Australia/Lord_Howe; 2026-04-04T00:00:00Z; 2026-04-04T14:45:00Z; 2026-04-05T15:15:00Z",
                // Beirut skips midnight itself.
                "cron(0 0 * * ? *);  Asia/Beirut; 2026-03-27T22:00:00Z; 2026-03-29T21:00:00Z; 2026-03-30T21:00:00Z",
                // A zone without changes, and one that is 45 minutes off.
                "cron(0 5 * * ? *);  Asia/Kolkata;   2026-03-01T00:00:00Z; 2026-03-01T23:30:00Z; 2026-03-02T23:30:00Z",
                "cron(0 5 * * ? *);  Asia/Kathmandu; 2026-03-01T00:00:00Z; 2026-03-01T23:15:00Z; 2026-03-02T23:15:00Z",
                // Samoa had no 30 December 2011.
                "cron(0 5 30 12 ? *); Pacific/Apia; 2011-12-01T00:00:00Z; 2012-12-29T15:00:00Z; 2013-12-29T15:00:00Z",
            })
    void aSkippedLocalTimeIsSkippedAndADoubledOneFiresOnce(
            String expression, String zone, Instant after, Instant one, Instant two) {
        assertThat(next(expression, zone, after, 2)).containsExactly(one, two);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cron()",
                "rate(1 day)",
                "0 5 ? * * *",
                "cron(0 5 ? * *)",
                "cron(0 5 ? * * * *)",
                "cron(0 5 * * * *)",
                "cron(0 5 ? * ? *)",
                "cron(0 5 1 * MON *)",
                "cron(60 5 ? * * *)",
                "cron(-1 5 ? * * *)",
                "cron(0 24 ? * * *)",
                "cron(0 5 0 * ? *)",
                "cron(0 5 32 * ? *)",
                "cron(0 5 1 13 ? *)",
                "cron(0 5 1 JANUARY ? *)",
                "cron(0 5 ? * 0 *)",
                "cron(0 5 ? * 8 *)",
                "cron(0 5 ? * 3#0 *)",
                "cron(0 5 ? * 3#6 *)",
                "cron(0 5 ? * 3#1,6#3 *)",
                "cron(0 5 ? * 3W *)",
                "cron(0 5 ? * * 1969)",
                "cron(0 5 ? * * 2200)",
                "cron(0 5 ? * * 2030-2026)",
                "cron(0 5/0 ? * * *)",
                "cron(0 5/x ? * * *)",
                "cron(0 5, ? * * *)",
                "cron(0 5-6-7 ? * * *)",
                "cron(? 5 ? * * *)",
                "cron(L 5 ? * * *)",
                "cron(0 5 W * ? *)",
                "cron(0 5 32W * ? *)",
                "cron(0 5 ?,1 * ? *)",
                "cron(0 \u0665 ? * * *)",
                "cron(0 5 ? * * *) ",
            })
    void whatIsNoExpressionIsRefused(String expression) {
        assertThatThrownBy(() -> Schedule.of(expression, "Etc/UTC")).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.problem().kind()).isEqualTo(Kind.INVALID_PARAMETER_VALUE);
            assertThat(refused.problem().message()).startsWith("Invalid schedule expression");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cron(*/30 * ? * * *)", "cron(* * ? * * *)", "cron(0,59 5 ? * * *)", "cron(0/59 5 1 1 ? *)"})
    void anExpressionThatFiresMoreOftenThanHourlyIsRefused(String expression) {
        assertThatThrownBy(() -> Schedule.of(expression, "Etc/UTC"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("more often than once an hour");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Base", "+02:00", "GMT+2", "europe/berlin"})
    void whatIsNoIanaZoneIsRefused(String zone) {
        assertThatThrownBy(() -> Schedule.of(Schedule.USUAL_EXPRESSION, zone))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("Invalid schedule expression timezone");
    }

    @Test
    void anExpressionThatNeverFiresHasNoNextInstant() {
        var now = Instant.parse("2026-03-01T05:00:00Z");
        assertThat(Schedule.of("cron(0 5 30 2 ? *)", "Etc/UTC").next(now)).isEmpty();
        assertThat(Schedule.of("cron(0 5 ? * * 1999)", "Etc/UTC").next(now)).isEmpty();
        assertThat(Schedule.of("cron(0 23 31 12 ? *)", "Etc/UTC").next(Instant.parse("2199-12-31T23:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cron(0 5 1 * ? *); true",
                "cron(0 5 L * ? *); true",
                "cron(0 5 ? * 6L *); true",
                "cron(0 5 ? * 3#2 *); true",
                "cron(0 5 1,15 * ? *); false",
                "cron(0 5,6 1 * ? *); false",
                "cron(0 5 ? * SAT *); false",
                "cron(0 5 ? * * *); false",
            })
    void aScheduleKnowsWhetherItIsMonthlyOrRarer(String expression, boolean monthly) {
        assertThat(Schedule.of(expression, "Etc/UTC").atMostMonthly()).isEqualTo(monthly);
    }

    @Test
    void everyInstantIsTheOneThatAMinuteByMinuteSearchFinds() {
        var random = new Random(20_260_301);
        var zones = List.of(
                "Etc/UTC",
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Africa/Casablanca",
                "America/Santiago",
                "Asia/Tehran",
                "Pacific/Chatham");
        for (int round = 0; round < 300; round++) {
            var expression = expression(random);
            var zone = zones.get(random.nextInt(zones.size()));
            var start = start(zone, random);
            var until = start.plus(Duration.ofDays(40));
            var schedule = Schedule.of(expression, zone);
            var fires = new ArrayList<Instant>();
            var next = schedule.next(start);
            while (next.isPresent() && !next.get().isAfter(until)) {
                fires.add(next.get());
                next = schedule.next(next.get());
            }
            assertThat(fires)
                    .as("%s in %s after %s", expression, zone, start)
                    .isEqualTo(new SlowSchedule(expression, zone).between(start, until));
        }
    }

    /** Half of the times shortly before a change of clocks, else anywhere in forty years. */
    private static Instant start(String zone, Random random) {
        var any = Instant.parse("2000-01-01T00:00:00Z").plusSeconds(random.nextLong(40L * 365 * 86_400));
        var change = ZoneId.of(zone).getRules().nextTransition(any);
        return change != null && random.nextBoolean() ? change.getInstant().minusSeconds(random.nextInt(200_000)) : any;
    }

    private static String expression(Random random) {
        boolean ofWeek = random.nextBoolean();
        return "cron(" + random.nextInt(60) + " " + numbers(random, 0, 23) + " "
                + (ofWeek ? "?" : dayOfMonth(random)) + " "
                + (random.nextInt(3) == 0 ? numbers(random, 1, 12) : "*") + " "
                + (ofWeek ? dayOfWeek(random) : "?") + " "
                + (random.nextInt(4) == 0 ? "2000/" + random.nextInt(1, 4) : "*") + ")";
    }

    private static String numbers(Random random, int min, int max) {
        int one = random.nextInt(min, max + 1);
        int two = random.nextInt(min, max + 1);
        return switch (random.nextInt(7)) {
            case 0 -> "*";
            case 1 -> "*/" + random.nextInt(1, 8);
            case 2 -> one + "/" + random.nextInt(1, 8);
            case 3 -> one + "-" + two;
            case 4 -> one + "-" + two + "/" + random.nextInt(1, 5);
            case 5 -> one + "," + two;
            default -> Integer.toString(one);
        };
    }

    private static String dayOfMonth(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "L";
            case 1 -> "LW";
            case 2 -> random.nextInt(1, 32) + "W";
            case 3 -> random.nextInt(1, 32) + "W,L," + random.nextInt(1, 32);
            default -> numbers(random, 1, 31);
        };
    }

    private static String dayOfWeek(Random random) {
        var names = List.of("SUN", "MON", "TUE", "wed", "THU", "Fri", "SAT");
        int day = random.nextInt(1, 8);
        return switch (random.nextInt(7)) {
            case 0 -> "L";
            case 1 -> day + "L";
            case 2 -> names.get(day - 1) + "L," + random.nextInt(1, 8);
            case 3 -> day + "#" + random.nextInt(1, 6);
            case 4 -> names.get(day - 1) + "-" + names.get(random.nextInt(7));
            case 5 -> names.get(day - 1);
            default -> numbers(random, 1, 7);
        };
    }
}
