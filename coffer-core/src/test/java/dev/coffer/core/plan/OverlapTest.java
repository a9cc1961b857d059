package dev.coffer.core.plan;

import static dev.coffer.core.plan.Rules.plan;
import static dev.coffer.core.plan.Rules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OverlapTest {
    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

    /** The runs of a day that stay, as rule and hour. */
    private static List<String> staying(BackupPlan plan) {
        var runs = new ArrayList<Overlap.Run>();
        for (var rule : plan.rules()) {
            var at = rule.schedule().next(DAY.minusSeconds(1));
            while (at.isPresent() && at.get().isBefore(DAY.plusSeconds(86_400))) {
                runs.add(new Overlap.Run(rule, at.get()));
                at = rule.schedule().next(at.get());
            }
        }
        return Overlap.merge(plan, List.of(), runs).entrySet().stream()
                .filter(decided -> decided.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .map(run -> run.rule() + " " + (run.fireAt().getEpochSecond() - DAY.getEpochSecond()) / 3600)
                .toList();
    }

    @Test
    void theExampleOfAws() {
        var plan = plan(rule("A", "cron(0 * * * ? *)", 60, 1), rule("B", "cron(0 0/12 * * ? *)", 480, 7));
        assertThat(staying(plan))
                .containsExactly("B 0", "A 8", "A 9", "A 10", "A 11", "B 12", "A 20", "A 21", "A 22", "A 23");
    }

    @Test
    void aRuleDoesNotMeetItself() {
        assertThat(staying(plan(rule("A", "cron(0 0/6 * * ? *)", 480, 1))))
                .containsExactly("A 0", "A 6", "A 12", "A 18");
    }

    @Test
    void theLongerRetentionStaysAlsoIfItBeginsLater() {
        var plan = plan(rule("short", "cron(0 4 * * ? *)", 480, 1), rule("long", "cron(0 5 * * ? *)", 480, 30));
        assertThat(staying(plan)).containsExactly("short 4", "long 5");
    }

    @Test
    void forEverIsLongerThanAnyDays() {
        var plan = plan(rule("days", "cron(0 5 * * ? *)", 60, 36_500), rule("ever", "cron(0 5 * * ? *)", 60, 0));
        assertThat(staying(plan)).containsExactly("ever 5");
    }

    @Test
    void ofEqualRetentionTheEarlierStaysAndThenTheFirstOfThePlan() {
        assertThat(staying(plan(rule("b", "cron(0 6 * * ? *)", 480, 7), rule("a", "cron(0 5 * * ? *)", 480, 7))))
                .containsExactly("a 5");
        assertThat(staying(plan(rule("b", "cron(0 5 * * ? *)", 480, 7), rule("a", "cron(0 5 * * ? *)", 480, 7))))
                .containsExactly("b 5");
    }

    @Test
    void theWindowsEndIsNotPartOfIt() {
        var plan = plan(rule("long", "cron(0 5 * * ? *)", 60, 7), rule("short", "cron(0 6 * * ? *)", 60, 1));
        assertThat(staying(plan)).containsExactly("long 5", "short 6");
    }

    @Test
    void continuousRulesAndOthersDoNotMeet() {
        var plan = plan(rule("pitr", "cron(0 5 * * ? *)", 480, 35, true), rule("daily", "cron(0 5 * * ? *)", 480, 7));
        assertThat(staying(plan)).containsExactly("pitr 5", "daily 5");
    }

    @Test
    void aRunThatIsMergedStandsForNoOther() {
        var plan = plan(
                rule("year", "cron(0 0 * * ? *)", 120, 365),
                rule("month", "cron(0 1 * * ? *)", 480, 30),
                rule("day", "cron(0 4 * * ? *)", 60, 1));
        assertThat(staying(plan)).containsExactly("year 0", "day 4");
    }
}
