package dev.coffer.core.plan;

import static dev.coffer.core.plan.Rules.plan;
import static dev.coffer.core.plan.Rules.rule;
import static dev.coffer.core.plan.Rules.version;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SettlementTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final BackupPlan HOURLY = plan(rule("A", "cron(0 * * * ? *)", 120, 1));

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + ":00Z");
    }

    private static Settlement settle(BackupPlan plan, Instant from, Instant now, List<ScheduledRun> kept) {
        return Settlement.of(version(plan, START), from, now, kept, 500);
    }

    private static List<String> told(List<ScheduledRun> runs) {
        return runs.stream()
                .map(run -> run.rule() + " " + run.fireAt().toString().substring(11, 16) + " "
                        + switch (run.state()) {
                            case RunState.Open _ -> "open";
                            case RunState.Done _ -> "done";
                            case RunState.Missed(var _, var reason, long _) ->
                                reason.equals(Settlement.WINDOW_OVER) ? "over" : "caught up";
                            case RunState.Merged(var _, var into) -> "into " + into;
                        })
                .toList();
    }

    @Test
    void anInstantRunsWhenItHasComeAndOnce() {
        var before = settle(HOURLY, START, at("00:59"), List.of());
        assertThat(before.runs()).isEmpty();
        assertThat(before.clock()).isEqualTo(new PlanClock(at("00:59"), Optional.of(at("01:00"))));

        var now = settle(HOURLY, before.clock().settledUntil(), at("01:00"), List.of());
        assertThat(told(now.runs())).containsExactly("A 01:00 open");
        assertThat(now.clock().nextFireAt()).contains(at("02:00"));

        assertThat(settle(HOURLY, now.clock().settledUntil(), at("01:30"), List.of())
                        .runs())
                .isEmpty();
    }

    @Test
    void anInstantAtWhichThePlanIsSettledDoesNotRunAgain() {
        assertThat(settle(HOURLY, at("01:00"), at("01:00"), List.of()).runs()).isEmpty();
        assertThat(told(settle(HOURLY, at("01:00"), at("02:00"), List.of()).runs()))
                .containsExactly("A 02:00 open");
    }

    @Test
    void afterADowntimeTheLatestInstantRunsForAllAndTheOthersAreMissed() {
        var settled = settle(HOURLY, START, at("05:30"), List.of());
        assertThat(told(settled.runs()))
                .containsExactly(
                        "A 01:00 caught up",
                        "A 02:00 caught up",
                        "A 03:00 caught up",
                        "A 04:00 caught up",
                        "A 05:00 open");
    }

    @Test
    void anInstantWhoseWindowIsOverIsMissed() {
        var daily = plan(rule("D", "cron(0 5 * * ? *)", 60, 7));
        assertThat(told(settle(daily, START, at("06:00"), List.of()).runs())).containsExactly("D 05:00 over");
        assertThat(told(settle(daily, START, at("05:59"), List.of()).runs())).containsExactly("D 05:00 open");
    }

    @Test
    void aClockThatGoesBackSettlesNothing() {
        var settled = settle(HOURLY, at("05:00"), at("02:00"), List.of());
        assertThat(settled.runs()).isEmpty();
        assertThat(settled.clock()).isEqualTo(new PlanClock(at("05:00"), Optional.of(at("06:00"))));
    }

    @Test
    void overlappingRunsAreMergedAlsoWithThoseFromBefore() {
        var plan = plan(rule("A", "cron(0 * * * ? *)", 60, 1), rule("B", "cron(0 0/12 * * ? *)", 480, 7));
        var together = settle(plan, at("11:30"), at("12:00"), List.of());
        assertThat(told(together.runs())).containsExactlyInAnyOrder("B 12:00 open", "A 12:00 into B");
        var later = settle(
                plan,
                at("12:00"),
                at("13:00"),
                together.runs().stream()
                        .filter(run -> run.state() instanceof RunState.Open)
                        .toList());
        assertThat(told(later.runs())).containsExactly("A 13:00 into B");
        assertThat(told(settle(plan, at("19:59"), at("20:00"), List.of()).runs()))
                .containsExactly("A 20:00 open");
    }

    @Test
    void aMissedRunStandsForNoOther() {
        var plan = plan(rule("A", "cron(0 * * * ? *)", 60, 1), rule("B", "cron(0 0 * * ? *)", 480, 7));
        assertThat(told(settle(plan, START.minusSeconds(1), at("09:00"), List.of())
                        .runs()))
                .contains("B 00:00 over", "A 09:00 open")
                .hasSize(11);
    }

    @Test
    void anOpenRunThatHasNotBegunGivesWayToALaterOneOfItsRuleAndOneThatHasDoesNot() {
        var first = settle(HOURLY, START, at("01:00"), List.of()).runs();
        var second = settle(HOURLY, at("01:00"), at("02:00"), first);
        assertThat(told(second.runs())).containsExactly("A 02:00 open");
        assertThat(told(second.caughtUp())).containsExactly("A 01:00 caught up");

        var begun = first.getFirst()
                .in(new RunState.Open(Optional.of(Rules.version(HOURLY, START).arn()), 200));
        assertThat(settle(HOURLY, at("01:00"), at("02:00"), List.of(begun)).caughtUp())
                .isEmpty();
    }

    @Test
    void manyInstantsAreSettledInPartsWithTheSameResult() {
        var plan = plan(rule("A", "cron(0 * * * ? *)", 60, 1), rule("B", "cron(30 0/5 * * ? *)", 300, 7));
        var now = START.plus(Duration.ofDays(9)).plusSeconds(2_000);
        var whole = Settlement.of(version(plan, START), START, now, List.of(), Integer.MAX_VALUE);
        for (int atMost = 1; atMost < 20; atMost++) {
            var parts = new ArrayList<ScheduledRun>();
            var until = START;
            while (until.isBefore(now)) {
                var part = Settlement.of(version(plan, START), until, now, List.of(), atMost);
                assertThat(part.clock().settledUntil()).isAfter(until);
                parts.addAll(part.runs());
                until = part.clock().settledUntil();
            }
            assertThat(parts).containsExactlyInAnyOrderElementsOf(whole.runs());
        }
        assertThat(whole.runs()).hasSizeGreaterThan(200);
    }
}
