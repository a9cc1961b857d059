package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.access.AccessBench.allow;
import static dev.coffer.engine.access.AccessBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.ScheduledRunRows.Filter;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.problem.Problem;
import dev.coffer.engine.access.AccessBench;
import dev.coffer.testkit.catalog.PlanSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanRunServiceTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final AccessBench access;
    private final PlanRunService runs;

    PlanRunServiceTest(@TempDir Path folder) throws InterruptedException {
        access = new AccessBench(folder);
        runs = new PlanRunService(access.engine.catalog, access.engine.gate);
        for (var caller : List.of(ADMIN, STRANGER)) {
            var first = PlanSamples.plan(caller.scope(), "plan-" + caller.account(), START, Optional.empty());
            var second = first.followedBy("version-2", PlanSamples.document(caller.scope(), "renamed"), START);
            access.engine.write(tx -> {
                tx.plans().insert(first, PlanSamples.clock(1));
                tx.plans().addVersion(second);
                tx.scheduledRuns().insertIfAbsent(PlanSamples.run(first, "plain", START, new RunState.Done(START, 3)));
                tx.scheduledRuns()
                        .insertIfAbsent(PlanSamples.run(
                                second, "full", START.plus(HOUR), new RunState.Missed(START.plus(HOUR), "late", 0)));
            });
        }
    }

    @AfterEach
    void close() {
        access.close();
    }

    private List<String> names(Caller caller, Filter filter) {
        return runs.list(caller, filter, PageRequest.first(10)).rows().stream()
                .map(run -> run.run().plan() + " " + run.planName() + "/"
                        + run.rule().name() + " " + run.run().state().wireName())
                .toList();
    }

    private static Filter of(String plan) {
        return new Filter(Optional.of(new PlanId(plan)), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void runsOfTheCallersAccountAreListedUnderTheNamesThatTheirPlanHadWhenItFired() {
        assertThat(names(ADMIN, Filter.none()))
                .containsExactly("plan-111122223333 renamed/full MISSED", "plan-111122223333 plan/plain DONE");
        assertThat(names(ADMIN, Filter.missedAfter(START))).containsExactly("plan-111122223333 renamed/full MISSED");
        assertThat(names(ADMIN, Filter.missedAfter(START.plus(HOUR)))).isEmpty();
        assertThat(names(ADMIN, of("plan-111122223333"))).hasSize(2);
        assertThat(names(ADMIN, of("plan-444455556666")))
                .as("another account's")
                .isEmpty();
        assertThat(names(ADMIN, of("unknown"))).isEmpty();
    }

    @Test
    void aPolicyAllowsThemForAllPlansOrForOne() {
        var nobody = access.user("nobody", allow("backup:*"));
        assertThat(refusal(() -> names(nobody, Filter.none())).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(names(access.user("all", allow("coffer:ListPlanRuns")), Filter.none()))
                .hasSize(2);
        var one = access.user(
                "one",
                policy("'Effect':'Allow','Action':'coffer:ListPlanRuns',"
                        + "'Resource':'arn:aws:backup:*:*:backup-plan:plan-111122223333'"));
        assertThat(names(one, of("plan-111122223333"))).hasSize(2);
        assertThat(refusal(() -> names(one, of("other"))).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> names(one, Filter.none())).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
    }
}
