package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.plan.PlanBench.fileSystem;
import static dev.coffer.engine.plan.PlanBench.request;
import static dev.coffer.engine.plan.PlanBench.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.BackupJob;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.plan.Settlement;
import dev.coffer.core.tag.Tags;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How plans fire, with a clock that the test moves. */
final class PlanTickerTest {
    private static final String HOURLY = "cron(0 * ? * * *)";
    private static final String DAILY = "cron(0 5 ? * * *)";

    private final PlanBench bench;

    PlanTickerTest(@TempDir Path folder) {
        bench = new PlanBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Instant startOf(BackupJob job) {
        // The start window is an hour in these tests.
        return job.startBy().minus(Duration.ofHours(1));
    }

    private Set<Instant> instants() {
        return bench.jobs().stream().map(PlanTickerTest::startOf).collect(Collectors.toSet());
    }

    private static long missed(List<ScheduledRun> runs) {
        return runs.stream()
                .filter(run -> run.state() instanceof RunState.Missed)
                .count();
    }

    /** No instant has two jobs of one resource, and every instant that has come has its run. */
    private void assertExactlyOnce(PlanVersion plan, Instant until) {
        var jobs = bench.jobs();
        assertThat(jobs.stream().map(job -> job.resource() + " " + startOf(job)))
                .doesNotHaveDuplicates();
        var expected = new ArrayList<Instant>();
        for (var rule : plan.document().rules()) {
            var at = rule.schedule().next(plan.planCreatedAt());
            while (at.isPresent() && !at.get().isAfter(until)) {
                expected.add(at.get());
                at = rule.schedule().next(at.get());
            }
        }
        assertThat(bench.runs(plan).stream().map(ScheduledRun::fireAt)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void anInstantMakesOneJobForEachResourceWithAllThatItsRuleSays() {
        var plan = bench.plans.create(
                ADMIN,
                new PlanRequest(
                        "daily",
                        List.of(new RuleRequest(
                                "every-day",
                                "prod",
                                Optional.empty(),
                                Optional.of(DAILY),
                                Optional.of("Europe/Berlin"),
                                Optional.of(90L),
                                Optional.of(200L),
                                Optional.of(LifecycleRequest.ofDays(Optional.of(7L), Optional.of(100L))),
                                Map.of("why", "plan"),
                                List.of(),
                                false,
                                List.of(),
                                List.of())),
                        List.of(),
                        List.of()),
                Map.of(),
                Optional.empty());
        bench.selections.create(ADMIN, plan.id().value(), PlanBench.everything("all"), Optional.empty());
        var ticker = bench.ticker();
        bench.runUntil(ticker, Instant.parse("2026-03-02T03:00:00Z"), Duration.ofHours(1));
        bench.engine.clock.set(Instant.parse("2026-03-02T03:59:59Z"));
        ticker.tick();
        assertThat(bench.jobs()).isEmpty();

        var now = Instant.parse("2026-03-02T04:00:00.500Z");
        bench.engine.clock.set(now);
        ticker.tick();
        ticker.tick();

        var rule = plan.document().rules().getFirst();
        assertThat(bench.jobs()).hasSize(3).allSatisfy(job -> {
            assertThat(job.vault().value()).isEqualTo("prod");
            assertThat(job.role()).isEqualTo(ROLE);
            assertThat(job.createdAt()).isEqualTo(now);
            assertThat(job.startBy()).isEqualTo(Instant.parse("2026-03-02T05:30:00Z"));
            assertThat(job.completeBy()).isEqualTo(Instant.parse("2026-03-02T08:50:00Z"));
            assertThat(job.lifecycle()).isEqualTo(rule.lifecycle());
            assertThat(job.pointTags()).isEqualTo(Tags.of(Map.of("why", "plan")));
            assertThat(job.createdBy()).contains(CreatedBy.of(plan, rule));
            assertThat(job.id().value()).matches("[0-9A-F-]{36}");
        });
        assertThat(bench.jobs())
                .extracting(BackupJob::resource)
                .containsExactlyInAnyOrder(fileSystem(0), fileSystem(1), fileSystem(2));
        assertThat(bench.now(plan).lastExecutedAt()).contains(now);
        assertThat(bench.wakes).hasPositiveValue();
        assertThat(bench.runs(plan))
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo(new RunState.Done(now, 3)));
        assertThat(bench.engine.events())
                .filteredOn(event -> event.detailType().equals("Backup Job State Change"))
                .hasSize(3);
    }

    @Test
    void anInstantWithoutResourcesMakesNoJobsAndIsNoExecution() {
        var plan = bench.plan(rule("r", HOURLY, 60, 7));
        bench.runUntil(bench.ticker(), START.plus(Duration.ofHours(3)), Duration.ofMinutes(7));
        assertThat(bench.jobs()).isEmpty();
        assertThat(bench.now(plan).lastExecutedAt()).isEmpty();
        assertThat(bench.runs(plan))
                .hasSize(3)
                .allSatisfy(run -> assertThat(run.state()).isInstanceOf(RunState.Done.class));
    }

    @Test
    void theExampleOfAwsMakesTenRunsADay() {
        bench.fileSystems = 1;
        var plan = bench.selectingPlan(rule("A", HOURLY, 60, 1), rule("B", "cron(0 0/12 ? * * *)", 480, 7));
        var ticker = bench.ticker();
        bench.runUntil(ticker, Instant.parse("2026-03-01T23:59:00Z"), Duration.ofMinutes(1));
        int before = bench.jobs().size();
        bench.runUntil(ticker, Instant.parse("2026-03-02T23:59:00Z"), Duration.ofMinutes(1));

        var day = bench.jobs().subList(before, bench.jobs().size());
        assertThat(day.stream()
                        .map(job -> job.createdBy().orElseThrow().ruleName() + " "
                                + job.createdAt().toString().substring(11, 13)))
                .containsExactly("B 00", "A 08", "A 09", "A 10", "A 11", "B 12", "A 20", "A 21", "A 22", "A 23");
        assertThat(bench.runs(plan).stream().filter(run -> run.state() instanceof RunState.Merged))
                .hasSizeGreaterThanOrEqualTo(16);
    }

    @Test
    void afterADowntimeTheLatestInstantWithAnOpenWindowRunsAndTheOthersAreMissed() {
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        bench.ticker().tick();
        bench.engine.clock.set(START.plus(Duration.ofHours(9)).plusSeconds(1_000));
        bench.ticker().tick();

        assertThat(instants()).containsExactly(START.plus(Duration.ofHours(9)));
        assertThat(bench.jobs()).hasSize(3);
        assertThat(missed(bench.runs(plan))).isEqualTo(8);
        assertExactlyOnce(plan, bench.engine.clock.instant());
    }

    @Test
    void aDailyRunWhoseWindowIsOverIsMissedAndTheNextOneRuns() {
        var plan = bench.selectingPlan(rule("r", DAILY, 60, 7));
        bench.engine.clock.set(Instant.parse("2026-03-02T06:00:00Z"));
        var ticker = bench.ticker();
        ticker.tick();
        assertThat(bench.jobs()).isEmpty();
        assertThat(bench.runs(plan))
                .singleElement()
                .satisfies(run -> assertThat(run.state())
                        .isEqualTo(new RunState.Missed(bench.engine.clock.instant(), Settlement.WINDOW_OVER, 0)));
        bench.engine.clock.set(Instant.parse("2026-03-03T05:00:00Z"));
        ticker.tick();
        assertThat(instants()).containsExactly(Instant.parse("2026-03-03T05:00:00Z"));
    }

    @Test
    void aClockThatJumpsAheadAndBackRunsNoInstantTwiceAndLosesNone() {
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        var ticker = bench.ticker();
        bench.runUntil(ticker, START.plus(Duration.ofHours(5)), Duration.ofMinutes(10));
        var real = bench.engine.clock.instant();
        bench.engine.clock.set(real.plus(Duration.ofDays(3)));
        ticker.tick();
        assertThat(bench.jobs()).hasSize(6 * 3);
        bench.engine.clock.set(real);
        bench.runUntil(ticker, real.plus(Duration.ofDays(4)), Duration.ofMinutes(10));
        bench.engine.clock.advance(Duration.ofDays(-2));
        bench.runUntil(ticker, real.plus(Duration.ofDays(4)), Duration.ofMinutes(10));

        assertExactlyOnce(plan, bench.engine.clock.instant());
        assertThat(missed(bench.runs(plan)))
                .as("the days that the clock jumped over")
                .isEqualTo(3 * 24 - 1);
        assertThat(instants()).hasSize(5 + 1 + 24);
    }

    @Test
    void onTheDaysOnWhichClocksChangeASkippedTimeDoesNotRunAndADoubledOneRunsOnce() {
        bench.fileSystems = 1;
        bench.selectingPlan(rule("r", "cron(30 2 ? * * *)", "Europe/Berlin", 60, 7));
        var ticker = bench.ticker();
        bench.engine.clock.set(Instant.parse("2026-03-27T12:00:00Z"));
        ticker.tick();
        int before = bench.jobs().size();
        bench.runUntil(ticker, Instant.parse("2026-03-30T12:00:00Z"), Duration.ofMinutes(10));
        assertThat(bench.jobs().subList(before, bench.jobs().size()))
                .extracting(PlanTickerTest::startOf)
                .containsExactly(Instant.parse("2026-03-28T01:30:00Z"), Instant.parse("2026-03-30T00:30:00Z"));

        bench.engine.clock.set(Instant.parse("2026-10-24T12:00:00Z"));
        ticker.tick();
        int later = bench.jobs().size();
        bench.runUntil(ticker, Instant.parse("2026-10-26T12:00:00Z"), Duration.ofMinutes(10));
        assertThat(bench.jobs().subList(later, bench.jobs().size()))
                .extracting(PlanTickerTest::startOf)
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void anInstantThatCameBeforeAnUpdateRunsAsTheFormerVersionSaid() {
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        bench.engine.clock.set(START.plus(Duration.ofHours(1)).plusMillis(5));
        var next =
                bench.plans.update(ADMIN, plan.id().value(), request("plan", rule("r", "cron(30 * ? * * *)", 60, 9)));
        var ticker = bench.ticker();
        ticker.tick();
        assertThat(bench.jobs()).hasSize(3).allSatisfy(job -> {
            assertThat(startOf(job)).isEqualTo(START.plus(Duration.ofHours(1)));
            assertThat(job.createdBy().map(CreatedBy::planVersion)).contains(plan.versionId());
        });
        bench.runUntil(ticker, START.plus(Duration.ofHours(2)), Duration.ofMinutes(10));
        assertThat(bench.jobs().subList(3, 6)).allSatisfy(job -> {
            assertThat(startOf(job)).isEqualTo(START.plus(Duration.ofMinutes(90)));
            assertThat(job.createdBy().map(CreatedBy::planVersion)).contains(next.versionId());
        });
        assertThat(bench.jobs()).hasSize(6);
    }

    @Test
    void aSelectionThatCannotBeEvaluatedIsTriedAgainAndKeepsNoOtherPlanWaiting() {
        var broken = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        var sound = bench.plan(rule("r", HOURLY, 60, 8));
        bench.selections.create(ADMIN, sound.id().value(), PlanBench.everything("sound"), Optional.empty());
        var failing = new boolean[] {true};
        var ticker = bench.ticker(bench.engine.catalog, bench.engine.clock, (_, selections) -> {
            if (failing[0] && selections.getFirst().name().equals("all")) {
                throw new IllegalStateException("the tags cannot be read");
            }
            return bench.selected(selections);
        });
        bench.engine.clock.set(START.plus(Duration.ofHours(1)));
        ticker.tick();
        assertThat(bench.jobs())
                .hasSize(3)
                .allSatisfy(
                        job -> assertThat(job.createdBy().map(CreatedBy::plan)).contains(sound.id()));
        failing[0] = false;
        bench.engine.clock.advance(Duration.ofMinutes(2));
        ticker.tick();
        assertThat(bench.jobs()).hasSize(6);

        failing[0] = true;
        bench.runUntil(ticker, START.plus(Duration.ofHours(4)), Duration.ofMinutes(5));
        assertThat(bench.jobs()).hasSize(3 + 3 * 4);
        assertThat(missed(bench.runs(broken))).isEqualTo(2);
        assertExactlyOnceAnd(broken);
    }

    private void assertExactlyOnceAnd(PlanVersion plan) {
        assertThat(bench.runs(plan).stream().map(ScheduledRun::fireAt))
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void aDeletedPlanFiresNoMore() {
        var plan = bench.plan(rule("r", HOURLY, 60, 7));
        bench.plans.delete(ADMIN, plan.id().value());
        bench.runUntil(bench.ticker(), START.plus(Duration.ofHours(3)), Duration.ofMinutes(10));
        assertThat(bench.runs(plan)).isEmpty();
    }

    @Test
    void theNextInstantIsLookedAtAnewWhenATickerStarts() {
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        // As if the zone's rules had been others when the instant was stored.
        bench.engine.write(tx ->
                tx.plans().putClock(plan.id(), new PlanClock(START, Optional.of(START.plus(Duration.ofDays(99))))));
        bench.engine.clock.set(START.plus(Duration.ofHours(1)));
        bench.ticker().tick();
        assertThat(bench.jobs()).hasSize(3);
    }
}
