package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.plan.RuleRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of continuous backups: snapshots, with the schedule of the rule. */
final class ContinuousCopyTest {
    private static final VaultPlace COPIES = new VaultPlace(ADMIN.scope(), new VaultName("copies"));

    private FollowWorld world;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new FollowWorld(folder);
        world.engine.vault("Default");
        world.engine.vault("copies");
        world.connector.change("a", Optional.of("first"));
        var rule = FollowWorld.rule("pitr", "Default", 7, true);
        world.plan(
                "plan",
                new RuleRequest(
                        rule.name(),
                        rule.vaultName(),
                        rule.airGappedVaultArn(),
                        rule.scheduleExpression(),
                        rule.scheduleExpressionTimezone(),
                        rule.startWindowMinutes(),
                        rule.completionWindowMinutes(),
                        rule.lifecycle(),
                        rule.pointTags(),
                        List.of(new RuleRequest.Copy(COPIES.toString(), Optional.empty())),
                        true,
                        List.of(),
                        List.of()));
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** Newest first. */
    private List<CopyJob> jobs() {
        return world.engine
                .catalog
                .read(view -> view.copyJobs().list(ADMIN.scope(), CopyJobRows.Filter.none(), PageRequest.first(100)))
                .rows();
    }

    private RecoveryPoint copy(CopyJob job) {
        return world.engine
                .catalog
                .read(view -> view.recoveryPoints().find(ADMIN.scope(), COPIES.name(), job.copy()))
                .orElseThrow();
    }

    private Map<String, String> restored(RecoveryPoint copy) throws InterruptedException {
        var target = "copy-" + copy.arn().resource();
        var job = world.restores.start(
                ADMIN,
                new StartRestore(
                        copy.arn().toString(),
                        Map.of("target", target),
                        Optional.of(ROLE.toString()),
                        Optional.empty(),
                        Optional.empty(),
                        false));
        world.runJobs();
        assertThat(world.restores.describe(ADMIN, job.id().value()).state().wireName())
                .isEqualTo("COMPLETED");
        return Optional.ofNullable(world.connector.restoredByTarget.get(target)).orElseThrow();
    }

    @Test
    void eachRunOfTheRuleCopiesTheNewestImageAsASnapshot() throws InterruptedException {
        world.runPlans();
        assertThat(jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.state().wireName()).isEqualTo("COMPLETED"));
        var first = copy(jobs().getFirst());
        assertThat(first.status()).isEqualTo(RecoveryPointStatus.COMPLETED);
        assertThat(first.createdAt())
                .isEqualTo(world.history().marks().getFirst().at());
        var series =
                world.engine.catalog.read(view -> view.continuous().find(ADMIN.scope(), COPIES.name(), first.arn()));
        assertThat(series).isEmpty();
        assertThat(restored(first)).isEqualTo(Map.of("a", "first"));

        for (var name : List.of("b", "c", "d")) {
            world.engine.clock.advance(Duration.ofMinutes(3));
            world.connector.change(name, Optional.of("later"));
            world.follow();
        }
        world.runPlans();
        assertThat(jobs()).hasSize(2);
        var second = copy(jobs().getFirst());
        var image = world.history().marks().stream()
                .filter(mark -> mark.number() == 3)
                .findFirst()
                .orElseThrow();
        assertThat(second.createdAt()).isEqualTo(image.at()).isAfter(first.createdAt());
        assertThat(restored(second)).isEqualTo(world.connector.asOf(image.at()));
        assertThat(world.manifests().stream()
                        .filter(manifest -> manifest.point()
                                .recoveryPointArn()
                                .equals(second.arn().toString())))
                .singleElement()
                .satisfies(manifest ->
                        assertThat(MarkFacts.of(manifest.point().facts())).isEmpty());
    }

    @Test
    void aContinuousBackupIsNotCopiedOnDemand() throws InterruptedException {
        world.runPlans();
        var service = new CopyJobService(
                world.engine.catalog,
                world.engine.gate,
                world.engine.clock,
                world.engine.ids,
                world.engine.limits,
                () -> {});
        var series = world.series();
        var problem = refusal(() -> service.start(
                ADMIN,
                new StartCopy(
                        series.point().toString(),
                        "Default",
                        COPIES.toString(),
                        ROLE.toString(),
                        Optional.empty(),
                        Optional.empty())));
        assertThat(problem.kind()).isEqualTo(Kind.INVALID_REQUEST);
        assertThat(problem.message()).contains("cannot be copied on demand");
    }
}
