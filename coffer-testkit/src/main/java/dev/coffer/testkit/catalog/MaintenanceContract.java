package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.Kind;
import dev.coffer.core.maintenance.MaintenanceRun.Result;
import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the rows of maintenance runs promise. */
public interface MaintenanceContract extends CatalogUnderTest {
    private static MaintenanceRun run(String id, Vault vault, Kind kind, long startedAt, String runner) {
        return MaintenanceRun.begun(id, vault, kind, at(startedAt), RunnerId.parse(runner), at(startedAt + 100));
    }

    private List<MaintenanceRun> running() {
        return catalog().read(view -> view.maintenance().running());
    }

    private List<MaintenanceRun> of(Vault vault) {
        return catalog().read(view -> view.maintenance().of(vault.id()));
    }

    @Test
    default void everyFieldOfARunComesBackInItsScopeAloneHoweverItEnded() {
        var vault = samples().vault("one", at(0));
        var results = new ArrayList<Result>();
        for (var outcome : SweepReport.Outcome.values()) {
            results.add(new Result.Swept(new SweepReport(outcome, 1, 1L << 60, 3, 4, 5, List.of("a.1", "b.2"))));
        }
        results.add(new Result.Verified(new VerifyReport(1, 2, 3, 1L << 60, List.of(), 0)));
        results.add(new Result.Verified(new VerifyReport(
                1,
                2,
                3,
                4,
                List.of(
                        new Finding("packs/ab", "\"broken\" \u6f22", List.of(new SessionId("s-1")), true),
                        new Finding("index/cd", "gone", List.of(), false)),
                2_000)));
        results.add(new Result.Rewrapped(true));
        results.add(new Result.Rewrapped(false));
        for (var kind : Kind.values()) {
            var begun = run("run-" + kind, vault, kind, 10, "node/start");
            var ends = new ArrayList<>(List.of(begun));
            results.forEach(result -> ends.add(begun.completed(at(20), result)));
            ends.add(begun.failed(at(20), "why 'not'"));
            ends.add(begun.seenBy(RunnerId.parse("node/later"), at(20)));
            for (var run : ends) {
                change(tx -> tx.maintenance().put(run));
                assertThat(catalog()
                                .<Optional<MaintenanceRun>>read(
                                        view -> view.maintenance().find(SCOPE, run.id())))
                        .contains(run);
            }
            assertThat(catalog()
                            .<Optional<MaintenanceRun>>read(
                                    view -> view.maintenance().find(ELSEWHERE, begun.id())))
                    .isEmpty();
        }
    }

    @Test
    default void theRunsOfAVaultAreTheNewestFirstAndThoseThatRunAreOfAllScopes() {
        var samples = samples();
        var one = samples.vault("one", at(0));
        var two = samples.vault("two", at(0));
        var first = run("a", one, Kind.SWEEP, 10, "n/1");
        var second = run("b", one, Kind.VERIFY, 20, "n/1");
        var third = run("c", two, Kind.SWEEP, 15, "m/1");
        change(tx -> List.of(second, third, first).forEach(tx.maintenance()::put));
        assertThat(of(one)).containsExactly(second, first);
        assertThat(running()).containsExactly(first, third, second);
        change(tx -> tx.maintenance().put(third.failed(at(30), "why")));
        assertThat(running()).containsExactly(first, second);
        change(tx -> tx.maintenance().forget(one.id()));
        assertThat(of(one)).isEmpty();
        assertThat(of(two)).hasSize(1);
    }

    @Test
    default void aProcessRenewsTheLeasesOfItsOwnRunsThatStillGoOn() {
        var vault = samples().vault("one", at(0));
        var mine = run("a", vault, Kind.SWEEP, 10, "n/1");
        var ended = run("b", vault, Kind.SWEEP, 10, "n/1").failed(at(11), "why");
        var earlier = run("c", vault, Kind.SWEEP, 10, "n/0");
        var others = run("d", vault, Kind.SWEEP, 10, "m/1");
        change(tx -> List.of(mine, ended, earlier, others).forEach(tx.maintenance()::put));
        change(tx -> tx.maintenance().renew(RunnerId.parse("n/1"), at(500)));
        assertThat(of(vault))
                .extracting(MaintenanceRun::id, MaintenanceRun::leaseUntil)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("d", at(110)),
                        org.assertj.core.groups.Tuple.tuple("c", at(110)),
                        org.assertj.core.groups.Tuple.tuple("b", at(110)),
                        org.assertj.core.groups.Tuple.tuple("a", at(500)));
    }

    @Test
    default void theNewestRunsOfAKindAreKeptAndThoseThatRunInAnyCase() {
        var vault = samples().vault("one", at(0));
        change(tx -> {
            tx.maintenance().put(run("running", vault, Kind.SWEEP, 0, "n/1"));
            tx.maintenance().put(run("other", vault, Kind.VERIFY, 0, "n/1").failed(at(1), "why"));
            for (int i = 1; i <= 5; i++) {
                tx.maintenance().put(run("s" + i, vault, Kind.SWEEP, i, "n/1").failed(at(9), "why"));
            }
            tx.maintenance().keepNewest(vault.id(), Kind.SWEEP, 2);
        });
        assertThat(of(vault)).extracting(MaintenanceRun::id).containsExactly("s5", "s4", "running", "other");
    }
}
