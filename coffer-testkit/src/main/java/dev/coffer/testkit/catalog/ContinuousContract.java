package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.ContinuousRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the rows of continuous backups promise. */
public interface ContinuousContract extends CatalogUnderTest {
    private static Series series(Scope scope, String vault, String name, long nextAt, Standing standing) {
        return new Series(
                scope,
                new VaultName(vault),
                Arn.ofRecoveryPoint(scope, name),
                Arn.ofBucket("bucket-" + name),
                ResourceType.S3,
                "session-" + name,
                7,
                Map.of("BackupACLs", "enabled", "odd", "'\"\u6f22\n"),
                standing,
                new FeedPosition("token '\u6f22'", at(5), at(4)),
                at(nextAt),
                Optional.of(at(3)),
                0,
                Optional.empty());
    }

    private static Mark mark(long number, boolean base, FeedMark.Kind kind) {
        return new Mark(
                number, base, kind, new FeedPosition("t'" + number, at(number)), at(number * 10), at(number * 10 + 3));
    }

    private Optional<Series> found(Series series) {
        return found(series.scope(), series.vault(), series.point());
    }

    private Optional<Series> found(Scope scope, VaultName vault, Arn point) {
        return catalog().read(view -> view.continuous().find(scope, vault, point));
    }

    private List<Series> due(int limit) {
        return catalog().read(view -> view.continuous().due(at(30), limit));
    }

    private List<Series> ofResource(Arn resource) {
        return catalog().read(view -> view.continuous().ofResource(SCOPE, resource));
    }

    @Test
    default void everyFieldOfASeriesComesBackInItsScopeAloneHoweverItStands() {
        var followed = series(SCOPE, "one", "a", 10, new Standing.Followed(Optional.empty()));
        var lease = new Lease(new RunnerId("node", "start"), 9, at(77));
        for (var series : List.of(
                followed,
                followed.standing(new Standing.Followed(Optional.of("why 'not'"))),
                followed.standing(new Standing.Followed(Optional.of("down"), Optional.of(at(2)))),
                followed.standing(new Standing.Interrupted(at(3), "gone")),
                followed.standing(new Standing.Over(at(4), "disassociated")),
                followed.heldBy(lease),
                followed.heldBy(lease).letGo(),
                followed.at(new FeedPosition("", at(99))).dueAt(at(100)).with(Map.of()))) {
            change(tx -> tx.continuous().put(series));
            assertThat(found(series)).contains(series);
        }
        assertThat(found(ELSEWHERE, followed.vault(), followed.point())).isEmpty();
        assertThat(found(SCOPE, new VaultName("other"), followed.point())).isEmpty();
    }

    @Test
    default void seriesAreFoundByTheirResourceAndInOrder() {
        var all = new ArrayList<Series>();
        for (var name : List.of("a", "b", "c", "d", "e")) {
            all.add(series(SCOPE, "one", name, 10, new Standing.Followed(Optional.empty())));
        }
        var elsewhere = series(ELSEWHERE, "one", "a", 10, new Standing.Followed(Optional.empty()));
        change(tx -> {
            all.forEach(tx.continuous()::put);
            tx.continuous().put(elsewhere);
        });
        for (var series : all) {
            assertThat(ofResource(series.resource())).containsExactly(series);
        }
        var seen = new ArrayList<Series>();
        Optional<Series> last = Optional.empty();
        List<Series> page;
        do {
            var after = last;
            page = catalog().read(view -> view.continuous().all(after, 2));
            seen.addAll(page);
            last = page.isEmpty() ? Optional.empty() : Optional.of(page.getLast());
        } while (page.size() == 2);
        assertThat(seen).hasSize(6).doesNotHaveDuplicates().contains(elsewhere).containsAll(all);
    }

    @Test
    default void onlyFollowedSeriesAreDueTheLongestDueFirst() {
        var late = series(SCOPE, "one", "late", 30, new Standing.Followed(Optional.of("trouble")));
        var early = series(SCOPE, "one", "early", 20, new Standing.Followed(Optional.empty()));
        var later = series(SCOPE, "one", "later", 31, new Standing.Followed(Optional.empty()));
        var stopped = series(SCOPE, "one", "stopped", 1, new Standing.Interrupted(at(1), "why"));
        var over = series(SCOPE, "one", "over", 1, new Standing.Over(at(1), "why"));
        change(tx -> List.of(late, early, later, stopped, over).forEach(tx.continuous()::put));
        assertThat(due(10)).containsExactly(early, late);
        assertThat(due(1)).containsExactly(early);
    }

    @Test
    default void marksComeBackInTheOrderOfTheirNumbersAndGoWithTheirSeries() {
        var series = series(SCOPE, "one", "a", 10, new Standing.Followed(Optional.empty()));
        var other = series(SCOPE, "one", "b", 10, new Standing.Followed(Optional.empty()));
        var marks = List.of(
                mark(1, true, FeedMark.Kind.IMAGE),
                mark(2, false, FeedMark.Kind.CHANGES),
                mark(10, false, FeedMark.Kind.IMAGE));
        change(tx -> {
            tx.continuous().put(series);
            tx.continuous().put(other);
            marks.reversed().forEach(mark -> tx.continuous().put(series, mark));
            tx.continuous().put(other, marks.getFirst());
        });
        assertThat(marks(series)).isEqualTo(marks);
        var longer = marks.getLast().reaching(new FeedPosition("", at(1_000), at(500)));
        assertThat(longer.checked()).isEqualTo(at(500));
        change(tx -> {
            tx.continuous().put(series, longer);
            tx.continuous().delete(series, marks.getFirst());
            tx.continuous().delete(series, marks.getFirst());
        });
        assertThat(marks(series)).isEqualTo(List.of(marks.get(1), longer));
        assertThat(this.<List<Long>>view(rows -> rows.numbers(series))).containsExactly(2L, 10L);
        assertThat(this.<Long>view(rows -> rows.count(series))).isEqualTo(2);
        change(tx -> {
            tx.continuous().delete(series);
            tx.continuous().delete(series);
        });
        assertThat(marks(series)).isEmpty();
        assertThat(found(series)).isEmpty();
        assertThat(marks(other)).isEqualTo(List.of(marks.getFirst()));
    }

    private List<Mark> marks(Series series) {
        return view(rows -> rows.newest(series, 100));
    }

    private Optional<Mark> one(Function<ContinuousRows, Optional<Mark>> read) {
        return view(read);
    }

    private <T> T view(Function<ContinuousRows, T> read) {
        return catalog().read(view -> read.apply(view.continuous()));
    }

    /** Three stretches: two images and changes between, known until 95; a gap; changes on a base, of which the last 50 seconds are not certain; a gap, and a base. */
    private static List<Mark> stretches() {
        var marks = new ArrayList<Mark>();
        for (long number = 1; number <= 9; number++) {
            var kind = number == 1 || number == 5 ? FeedMark.Kind.IMAGE : FeedMark.Kind.CHANGES;
            marks.add(new Mark(
                    number,
                    number == 1,
                    kind,
                    new FeedPosition("t" + number, at(number * 10)),
                    at(number * 10),
                    at(number * 10 + 5)));
        }
        for (long number = 10; number <= 15; number++) {
            marks.add(new Mark(
                    number,
                    number == 10,
                    number == 10 ? FeedMark.Kind.IMAGE : FeedMark.Kind.CHANGES,
                    new FeedPosition("t" + number, at(number * 100), at(1_000)),
                    at(number * 100),
                    at(number * 100 + 5),
                    at(1_000),
                    number == 10 ? Optional.of("the stream 'was' lost") : Optional.empty()));
        }
        marks.add(new Mark(16, true, FeedMark.Kind.IMAGE, new FeedPosition("", at(5_000)), at(5_000), at(5_000)));
        return marks;
    }

    @Test
    default void aFewMarksAreFoundAmongManyAndTellWhatAllWouldTell() {
        var series = series(SCOPE, "one", "a", 10, new Standing.Followed(Optional.empty()));
        var other = series(SCOPE, "one", "b", 10, new Standing.Followed(Optional.empty()));
        var all = new History(stretches());
        change(tx -> {
            tx.continuous().put(series);
            tx.continuous().put(other);
            all.marks().forEach(mark -> tx.continuous().put(series, mark));
        });

        assertThat(marks(series)).isEqualTo(all.marks());
        assertThat(this.<List<Mark>>view(rows -> rows.newest(series, 2)))
                .containsExactly(all.marks().get(14), all.marks().get(15));
        assertThat(one(rows -> rows.mark(series, 7))).contains(all.marks().get(6));
        assertThat(one(rows -> rows.mark(series, 17))).isEmpty();
        assertThat(one(rows -> rows.newestImage(series))).contains(all.marks().get(15));
        assertThat(one(rows -> rows.imageAfter(series, 1))).contains(all.marks().get(4));
        assertThat(one(rows -> rows.imageAfter(series, 16))).isEmpty();
        assertThat(view(rows -> rows.outline(series)).marks())
                .extracting(Mark::number)
                .containsExactly(1L, 9L, 10L, 15L, 16L);
        for (long second : List.of(0, 10, 15, 42, 50, 95, 96, 1_000, 1_150, 1_505, 1_506, 5_000, 5_001)) {
            assertThat(view(rows -> rows.outline(series)).windows(at(second))).isEqualTo(all.windows(at(second)));
            assertThat(view(rows -> rows.outline(series)).gaps(at(second))).isEqualTo(all.gaps(at(second)));
            assertThat(view(rows -> rows.around(series, at(second))).serving(at(second)))
                    .as("%s", second)
                    .isEqualTo(all.serving(at(second)));
            for (boolean goesOn : List.of(true, false)) {
                assertThat(view(rows -> rows.outdated(series, at(second), 100)).forgettable(at(second), goesOn))
                        .isEqualTo(all.forgettable(at(second), goesOn));
                assertThat(all.forgettable(at(second), goesOn))
                        .containsAll(view(rows -> rows.outdated(series, at(second), 3))
                                .forgettable(at(second), goesOn));
            }
        }
        assertThat(marks(other)).isEmpty();
        assertThat(view(rows -> rows.outline(other)).marks()).isEmpty();
    }

    @Test
    default void seriesOfAScopeAreListedInPagesByVaultAndResource() {
        var all = new ArrayList<Series>();
        for (var name : List.of("a", "b", "c")) {
            all.add(series(SCOPE, "one", name, 10, new Standing.Followed(Optional.empty())));
        }
        all.add(series(SCOPE, "two", "c", 10, new Standing.Over(at(1), "why")));
        change(tx -> {
            all.reversed().forEach(tx.continuous()::put);
            tx.continuous().put(series(ELSEWHERE, "one", "a", 10, new Standing.Followed(Optional.empty())));
        });
        var first = page(ContinuousRows.Filter.none(), Optional.empty());
        assertThat(first.rows()).isEqualTo(all.subList(0, 3));
        var second = page(ContinuousRows.Filter.none(), first.next());
        assertThat(second.rows()).isEqualTo(all.subList(3, 4));
        assertThat(second.next()).isEmpty();
        assertThat(page(
                                new ContinuousRows.Filter(Optional.of(new VaultName("two")), Optional.empty()),
                                Optional.empty())
                        .rows())
                .containsExactly(all.getLast());
        assertThat(page(
                                new ContinuousRows.Filter(
                                        Optional.empty(), Optional.of(all.get(1).resource())),
                                Optional.empty())
                        .rows())
                .containsExactly(all.get(1));
    }

    private Page<Series> page(ContinuousRows.Filter filter, Optional<String> after) {
        return view(rows -> rows.list(SCOPE, filter, new PageRequest(3, after)));
    }

    @Test
    default void aJobIsWantedUntilItIsSettled() {
        var job = new JobId("JOB-1");
        assertThat(isWanted(job)).isFalse();
        change(tx -> tx.continuous().want(job));
        change(tx -> tx.continuous().want(job));
        assertThat(isWanted(job)).isTrue();
        assertThat(isWanted(new JobId("JOB-2"))).isFalse();
        change(tx -> tx.continuous().settle(job));
        change(tx -> tx.continuous().settle(job));
        assertThat(isWanted(job)).isFalse();
    }

    private boolean isWanted(JobId job) {
        return catalog().<Boolean>read(view -> view.continuous().isWanted(job));
    }
}
