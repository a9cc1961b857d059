package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.plan.PlanBench.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends the ticker before and after each of its transactions, and lets several work on one catalog. */
final class PlanCrashTest {
    private static final String HOURLY = "cron(0 * ? * * *)";

    private final PlanBench bench;

    PlanCrashTest(@TempDir Path folder) {
        bench = new PlanBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** The end of the process. */
    private static final class Died extends Error {
        Died() {
            super("the process ends here", null, false, false);
        }
    }

    /** Dies before or after one of its transactions, and after that at every one. */
    private static final class MortalCatalog implements Catalog {
        private final Catalog catalog;
        private final int lastStep;
        int writes;
        private int steps;

        MortalCatalog(Catalog catalog, int lastStep) {
            this.catalog = catalog;
            this.lastStep = lastStep;
        }

        private void step() {
            steps++;
            if (steps >= lastStep) {
                throw new Died();
            }
        }

        @Override
        public <T> T read(Function<View, T> body) {
            return catalog.read(body);
        }

        @Override
        public <T> T write(Function<Transaction, T> body) {
            step();
            var result = catalog.write(body);
            writes++;
            step();
            return result;
        }

        @Override
        public void close() {}
    }

    private PlanTicker process(Catalog catalog) {
        return bench.ticker(catalog, bench.engine.clock, (_, selections) -> bench.selected(selections));
    }

    private static void assertWhole(List<ScheduledRun> runs, long jobs) {
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.state())
                        .isInstanceOfSatisfying(
                                RunState.Done.class,
                                done -> assertThat(done.jobs()).isEqualTo(jobs)));
    }

    private void assertOneJobEach(int instants) {
        assertThat(bench.jobs().stream().map(job -> job.resource() + " " + job.startBy()))
                .hasSize(instants * bench.fileSystems)
                .doesNotHaveDuplicates();
    }

    @Test
    void aTickerThatDiesAtAnyTransactionIsFollowedByOneThatGoesOnWithoutASecondJob() {
        bench.fileSystems = 450;
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        int step = 0;
        boolean died = true;
        while (died) {
            step++;
            bench.engine.clock.advance(Duration.ofHours(1));
            died = false;
            try {
                process(new MortalCatalog(bench.engine.catalog, step)).tick();
            } catch (Died inTheMiddle) {
                died = true;
            }
            process(bench.engine.catalog).tick();
            assertOneJobEach(step);
        }
        assertThat(step).as("every transaction was hit").isGreaterThan(10);
        assertThat(bench.runs(plan)).hasSize(step);
        assertWhole(bench.runs(plan), 450);
    }

    @Test
    void tenThousandResourcesGetTheirJobsInBoundedTransactionsAcrossManyCrashes() {
        bench.fileSystems = 10_000;
        var plan = bench.selectingPlan(rule("r", HOURLY, 60, 7));
        bench.engine.clock.set(START.plus(Duration.ofHours(1)));
        int processes = 0;
        boolean died = true;
        while (died) {
            processes++;
            died = false;
            var catalog = new MortalCatalog(bench.engine.catalog, 20);
            int before = bench.jobs().size();
            try {
                process(catalog).tick();
            } catch (Died inTheMiddle) {
                died = true;
            }
            assertThat(bench.jobs().size() - before).isLessThanOrEqualTo(catalog.writes * 200);
        }
        assertThat(processes).isGreaterThan(4);
        assertOneJobEach(1);
        assertWhole(bench.runs(plan), 10_000);
    }

    @Test
    void tickersWithDifferentClocksOnOneCatalogRunEveryInstantOnce() throws Exception {
        bench.fileSystems = 250;
        var plan = bench.selectingPlan(rule("a", HOURLY, 60, 7), rule("b", "cron(30 */2 ? * * *)", 60, 7));
        var skews = List.of(Duration.ZERO, Duration.ofSeconds(40), Duration.ofMinutes(-3), Duration.ofMinutes(5));
        var tickers = skews.stream()
                .map(skew -> bench.ticker(
                        bench.engine.catalog,
                        () -> bench.engine.clock.instant().plus(skew),
                        (_, selections) -> bench.selected(selections)))
                .toList();
        for (int minute = 0; minute < 6 * 60; minute += 10) {
            bench.engine.clock.advance(Duration.ofMinutes(10));
            together(tickers.stream()
                    .<Callable<Boolean>>map(ticker -> () -> {
                        ticker.tick();
                        return true;
                    })
                    .toList());
        }
        bench.engine.clock.advance(Duration.ofMinutes(10));
        tickers.forEach(PlanTicker::tick);
        assertThat(bench.jobs().stream()
                        .map(job -> job.resource() + " "
                                + job.createdBy().orElseThrow().rule() + " " + job.startBy()))
                .doesNotHaveDuplicates();
        var done = bench.runs(plan).stream()
                .filter(run -> run.state() instanceof RunState.Done)
                .toList();
        assertWhole(done, 250);
        assertThat(bench.jobs()).hasSize(done.size() * 250);
        assertThat(done).hasSizeGreaterThanOrEqualTo(6);
        assertThat(bench.runs(plan)).noneMatch(run -> run.state() instanceof RunState.Missed);
        assertThat(done.stream().map(PlanCrashTest::key)).doesNotHaveDuplicates();
        assertThat(bench.jobs()).extracting(BackupJob::id).doesNotHaveDuplicates();
        assertThat(plan).extracting(PlanVersion::number).isEqualTo(1L);
    }

    private static String key(ScheduledRun run) {
        return run.rule() + " " + run.fireAt();
    }

    private static void together(List<Callable<Boolean>> tasks) throws Exception {
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<Boolean>>();
            for (var task : tasks) {
                running.add(threads.submit(() -> {
                    go.await();
                    return task.call();
                }));
            }
            go.countDown();
            for (var task : running) {
                assertThat(task.get()).isTrue();
            }
        }
    }
}
