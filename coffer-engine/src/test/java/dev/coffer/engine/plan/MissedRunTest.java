package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.plan.PlanBench.request;
import static dev.coffer.engine.plan.PlanBench.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.coffer.core.event.Digest;
import dev.coffer.core.event.Event;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.Settlement;
import dev.coffer.engine.event.DigestProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of an instant that was missed: rules by an event, and readers of the digest. */
final class MissedRunTest {
    private static final String HOURLY = "cron(0 * ? * * *)";
    private static final String DAILY = "cron(0 5 ? * * *)";

    private final PlanBench bench;

    MissedRunTest(@TempDir Path folder) {
        bench = new PlanBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private List<Event> told() {
        return bench.engine.events().stream()
                .filter(event -> event.detailType().equals("Backup Plan Run Missed"))
                .toList();
    }

    private List<Digest.Failure> failures(Duration period) {
        var now = bench.engine.clock.instant();
        return DigestProbe.of(bench.engine.catalog, ADMIN.scope(), now.minus(period), now.plusMillis(1))
                .failures();
    }

    private static String hour(int hours) {
        return START.plus(Duration.ofHours(hours)).toString();
    }

    @Test
    void aDailyRunThatWasMissedIsOneEventOfCoffersOwn() {
        var plan = bench.selectingPlan(rule("nightly", DAILY, 60, 7));
        bench.engine.clock.set(Instant.parse("2026-03-02T06:00:00Z"));
        bench.ticker().tick();
        bench.ticker().tick();
        assertThat(told()).singleElement().satisfies(event -> {
            assertThat(event.source()).isEqualTo("coffer");
            assertThat(event.scope()).isEqualTo(ADMIN.scope());
            assertThat(event.at()).isEqualTo(bench.engine.clock.instant());
            assertThat(event.resources()).containsExactly(plan.arn());
            assertThat(event.detail())
                    .containsOnly(
                            entry("backupPlanId", plan.id().value()),
                            entry("backupPlanName", "plan"),
                            entry("backupPlanVersion", plan.versionId()),
                            entry(
                                    "ruleId",
                                    plan.document().rules().getFirst().id().value()),
                            entry("ruleName", "nightly"),
                            entry("fireAt", "2026-03-02T05:00:00.000Z"),
                            entry("windowEndsAt", "2026-03-02T06:00:00.000Z"),
                            entry("reason", Settlement.WINDOW_OVER),
                            entry("jobs", 0L));
        });
        assertThat(failures(Duration.ofHours(1)))
                .containsExactly(new Digest.Failure(
                        "Scheduled backup did not run",
                        "plan",
                        "Default",
                        Settlement.WINDOW_OVER,
                        "Start the missing backups by hand if they matter. Keep a server running over the start window,"
                                + " or give the rule a longer one.",
                        Instant.parse("2026-03-02T05:00:00Z"),
                        Digest.Subject.RULE,
                        "nightly"));
        bench.engine.clock.advance(Duration.ofDays(1));
        assertThat(failures(Duration.ofDays(1))).as("those of the day before").isEmpty();
    }

    @Test
    void afterADowntimeEachMissedInstantIsAnEventAndTheDigestHasOneFailureOfEachRule() {
        bench.selectingPlan(rule("a", HOURLY, 60, 7), rule("b", "cron(30 * ? * * *)", 60, 7));
        bench.ticker().tick();
        bench.engine.clock.set(START.plus(Duration.ofHours(9)).plusSeconds(1_000));
        bench.ticker().tick();
        bench.ticker().tick();
        assertThat(told())
                .filteredOn(event -> "a".equals(event.detail().get("ruleName")))
                .extracting(event -> event.detail().get("fireAt"))
                .doesNotHaveDuplicates()
                .hasSize(8);
        assertThat(told()).extracting(Event::id).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(16);
        assertThat(failures(Duration.ofDays(1))).extracting(Digest.Failure::id).containsExactlyInAnyOrder("a", "b");
        assertThat(failures(Duration.ofDays(1)))
                .filteredOn(failure -> failure.id().equals("a"))
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.at()).isEqualTo(hour(8));
                    assertThat(failure.why())
                            .isEqualTo(Settlement.CAUGHT_UP + " 8 instants of the rule since " + hour(1)
                                    + " were missed.");
                });
    }

    @Test
    void whatAnUpdateOfThePlanSettlesIsToldUnderTheRulesFormerName() {
        var plan = bench.selectingPlan(rule("before", DAILY, 60, 7));
        bench.engine.clock.set(Instant.parse("2026-03-02T06:00:00Z"));
        bench.plans.update(ADMIN, plan.id().value(), request("plan", rule("after", DAILY, 60, 7)));
        assertThat(told())
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("ruleName", "before")
                        .containsEntry("backupPlanVersion", plan.versionId()));
    }

    @Test
    void aRunWhoseSelectionCouldNotBeEvaluatedSaysSo() {
        var plan = bench.selectingPlan(rule("r", DAILY, 60, 7));
        var ticker = bench.ticker(bench.engine.catalog, bench.engine.clock, (_, _) -> {
            throw new IllegalStateException("the tags cannot be read");
        });
        bench.engine.clock.set(Instant.parse("2026-03-02T05:00:00Z"));
        ticker.tick();
        assertThat(told()).isEmpty();
        bench.engine.clock.set(Instant.parse("2026-03-02T06:00:00Z"));
        ticker.tick();
        assertThat(told())
                .singleElement()
                .satisfies(event -> assertThat(event.detail()).containsEntry("reason", Settlement.FAILED));
        assertThat(reason(plan)).isEqualTo(Settlement.FAILED);
    }

    @Test
    void aRunThatWasCutShortTellsHowManyJobsItMade() {
        bench.fileSystems = 450;
        var plan = bench.selectingPlan(rule("r", DAILY, 60, 7));
        bench.engine.clock.set(Instant.parse("2026-03-02T05:00:00Z"));
        var slow = bench.ticker(
                bench.engine.catalog,
                // An hour goes by while the second part of the jobs is created.
                () -> bench.jobs().isEmpty()
                        ? bench.engine.clock.instant()
                        : bench.engine.clock.instant().plus(Duration.ofHours(1)),
                (_, selections) -> bench.selected(selections));
        slow.tick();
        assertThat(told())
                .singleElement()
                .satisfies(event -> assertThat(event.detail())
                        .containsEntry("jobs", 200L)
                        .containsEntry("reason", Settlement.CUT_SHORT));
        assertThat(reason(plan)).isEqualTo(Settlement.CUT_SHORT);
        bench.engine.clock.advance(Duration.ofHours(1));
        assertThat(failures(Duration.ofDays(1)))
                .extracting(Digest.Failure::what)
                .containsExactly("Scheduled backup ran in part");
    }

    private String reason(PlanVersion plan) {
        return bench.runs(plan).getFirst().state() instanceof RunState.Missed missed ? missed.reason() : "";
    }
}
