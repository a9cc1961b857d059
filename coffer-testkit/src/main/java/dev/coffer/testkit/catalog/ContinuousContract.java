package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
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
                new FeedPosition("token '\u6f22'", at(5)),
                at(nextAt),
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
        assertThat(history(series)).isEqualTo(new History(marks));
        var longer = marks.getLast().through(at(1_000));
        change(tx -> {
            tx.continuous().put(series, longer);
            tx.continuous().delete(series, marks.getFirst());
            tx.continuous().delete(series, marks.getFirst());
        });
        assertThat(history(series)).isEqualTo(new History(List.of(marks.get(1), longer)));
        change(tx -> {
            tx.continuous().delete(series);
            tx.continuous().delete(series);
        });
        assertThat(history(series).marks()).isEmpty();
        assertThat(found(series)).isEmpty();
        assertThat(history(other)).isEqualTo(new History(List.of(marks.getFirst())));
    }

    private History history(Series series) {
        return catalog().read(view -> view.continuous().history(series));
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
