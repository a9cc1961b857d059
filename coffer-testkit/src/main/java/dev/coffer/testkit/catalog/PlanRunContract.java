package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static dev.coffer.testkit.catalog.PlanSamples.plan;
import static dev.coffer.testkit.catalog.PlanSamples.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.ScheduledRunRows.Filter;
import dev.coffer.core.catalog.View;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the rows of the instants at which plans fired promise. */
public interface PlanRunContract extends CatalogUnderTest {
    @Test
    default void aRunIsAddedOnceAndComesBackInEveryState() {
        var plan = plan(SCOPE, "p1", at(0), Optional.empty());
        var states = List.of(
                RunState.Open.FRESH,
                new RunState.Open(Optional.of(fileSystem(7)), 200),
                new RunState.Done(at(50), 300),
                new RunState.Missed(at(60), "the 'window' was over", 5),
                new RunState.Merged(at(70), new RuleId("rule-other")));
        for (int i = 0; i < states.size(); i++) {
            var run = run(plan, "a", at(i * 1_000L), states.get(i));
            change(tx -> assertThat(tx.scheduledRuns().insertIfAbsent(run)).isTrue());
            change(tx -> assertThat(tx.scheduledRuns().insertIfAbsent(run.in(RunState.Open.FRESH)))
                    .isFalse());
            assertThat(found(run)).contains(run);
        }
        change(tx -> assertThat(tx.scheduledRuns().insertIfAbsent(run(plan, "b", at(0), RunState.Open.FRESH)))
                .isTrue());
        assertThat(runs(view -> view.scheduledRuns().open(10)))
                .containsExactly(
                        run(plan, "a", at(0), states.get(0)),
                        run(plan, "b", at(0), states.get(0)),
                        run(plan, "a", at(1_000), states.get(1)));
        assertThat(runs(view -> view.scheduledRuns().of(plan.id(), 100))).hasSize(6);
        assertThat(runs(view -> view.scheduledRuns().of(plan.id(), 4))).hasSize(4);

        for (var state : states) {
            var changed = run(plan, "b", at(0), state);
            change(tx -> tx.scheduledRuns().update(changed));
            assertThat(found(changed)).contains(changed);
        }
    }

    @Test
    default void twoThatAddTheSameRunAddItOnce() {
        var run = run(plan(SCOPE, "p1", at(0), Optional.empty()), "a", at(0), RunState.Open.FRESH);
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 8; i++) {
            tasks.add(() -> catalog().<Boolean>write(tx -> tx.scheduledRuns().insertIfAbsent(run)));
        }
        assertThat(CatalogUnderTest.together(tasks)).containsOnlyOnce(true).hasSize(8);
    }

    @Test
    default void aRunStandsWhileItsWindowIsOpenAndGoesWhenItHasEndedLongAgo() {
        var plan = plan(SCOPE, "p1", at(0), Optional.empty());
        var hour = Duration.ofHours(1).toMillis();
        var open = run(plan, "a", at(0), RunState.Open.FRESH);
        var done = run(plan, "b", at(1), new RunState.Done(at(2), 1));
        var missed = run(plan, "c", at(1), new RunState.Missed(at(2), "late", 0));
        change(tx -> List.of(open, done, missed).forEach(tx.scheduledRuns()::insertIfAbsent));

        assertThat(runs(view -> view.scheduledRuns().standing(plan.id(), at(hour - 1))))
                .containsExactly(open, done);
        assertThat(runs(view -> view.scheduledRuns().standing(plan.id(), at(hour))))
                .containsExactly(done);
        assertThat(runs(view -> view.scheduledRuns().standing(plan.id(), at(hour + 1))))
                .isEmpty();
        change(tx ->
                assertThat(tx.scheduledRuns().deleteEndedBefore(at(hour + 1))).isZero());
        change(tx ->
                assertThat(tx.scheduledRuns().deleteEndedBefore(at(hour + 2))).isEqualTo(2));
        assertThat(runs(view -> view.scheduledRuns().of(plan.id(), 10))).containsExactly(open);
    }

    private static List<ScheduledRun> variedRuns() {
        var states = List.of(
                RunState.Open.FRESH,
                new RunState.Done(at(50), 300),
                new RunState.Missed(at(60), "late", 0),
                new RunState.Merged(at(70), new RuleId("rule-a")),
                new RunState.Missed(at(80), "too late", 5));
        var runs = new ArrayList<ScheduledRun>();
        for (int i = 0; i < 60; i++) {
            var plan = plan(i % 7 == 0 ? ELSEWHERE : SCOPE, "p" + i % 7 % 3, at(0), Optional.empty());
            runs.add(run(plan, "r" + i % 2, at(i / 4 * 1_000L), states.get(i % states.size())));
        }
        return runs;
    }

    private static boolean meets(ScheduledRun run, Filter filter) {
        var endedAt = run.state().endedAt();
        return filter.plan().map(run.plan()::equals).orElse(true)
                && filter.state().map(run.state().wireName()::equals).orElse(true)
                && filter.endedBefore()
                        .map(moment -> endedAt.filter(moment::isAfter).isPresent())
                        .orElse(true)
                && filter.endedAfter()
                        .map(moment -> endedAt.filter(moment::isBefore).isPresent())
                        .orElse(true);
    }

    private static Comparator<ScheduledRun> newestInstantFirst() {
        return Comparator.comparing(ScheduledRun::fireAt)
                .thenComparing(run -> run.plan().value())
                .thenComparing(run -> run.rule().value())
                .reversed();
    }

    @Test
    default void everyCombinationOfConditionsListsTheRunsThatMeetThemTheNewestInstantsFirst() {
        var runs = new ArrayList<ScheduledRun>();
        for (var run : variedRuns()) {
            change(tx -> {
                if (tx.scheduledRuns().insertIfAbsent(run)) {
                    runs.add(run);
                }
            });
        }
        assertThat(runs).hasSizeGreaterThan(40);
        for (var state : RunState.WIRE_NAMES) {
            for (int number = 0; number < 1 << 4; number++) {
                var filter = new Filter(
                        chosen(number, 0, new PlanId("p1")),
                        chosen(number, 1, state),
                        chosen(number, 2, at(80)),
                        chosen(number, 3, at(50)));
                var expected = runs.stream()
                        .filter(run -> run.scope().equals(SCOPE) && meets(run, filter))
                        .sorted(newestInstantFirst())
                        .toList();
                var page = catalog().read(view -> view.scheduledRuns().list(SCOPE, filter, PageRequest.first(1_000)));
                assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
                if (Integer.bitCount(number) == 1) {
                    assertThat(expected.size()).as("%s selects some", filter).isBetween(1, runs.size() - 1);
                }
            }
        }
    }

    @Test
    default void pagesShowEveryRunOnceWhileOthersAreAdded() {
        var plan = plan(SCOPE, "p1", at(0), Optional.empty());
        var runs = new ArrayList<ScheduledRun>();
        for (int i = 0; i < 20; i++) {
            runs.add(run(plan, "r" + i % 3, at(i / 3 * 10L), RunState.Open.FRESH));
        }
        change(tx -> runs.forEach(tx.scheduledRuns()::insertIfAbsent));
        var added = new ArrayList<ScheduledRun>();
        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.scheduledRuns().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    for (long moment : List.of(1_000L, 40L, -10L)) {
                        var another = run(plan, "more-" + added.size(), at(moment), RunState.Open.FRESH);
                        added.add(another);
                        tx.scheduledRuns().insertIfAbsent(another);
                    }
                }));
        assertThat(shown).doesNotHaveDuplicates().containsAll(runs);
    }

    private Optional<ScheduledRun> found(ScheduledRun run) {
        return catalog().read(view -> view.scheduledRuns().find(run.plan(), run.rule(), run.fireAt()));
    }

    private List<ScheduledRun> runs(Function<View, List<ScheduledRun>> query) {
        return catalog().read(query);
    }
}
