package dev.coffer.engine.selection;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.selection.PlanSelections;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.core.selection.Verdict;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CoverageServiceTest {
    private static final Selection TAGGED =
            LiveSelectorTest.selection(ROLE, List.of(), List.of(new TagCondition("backup", "yes")));
    private static final Selection PRODUCTION = new Selection(
            "production",
            ROLE,
            List.of("arn:aws:elasticfilesystem:*"),
            List.of(),
            List.of(),
            new Selection.Conditions(List.of(new TagCondition("stage", "prod")), List.of(), List.of(), List.of()));
    private static final List<PlanSelections> PLANS = List.of(
            new PlanSelections("plan-1", "daily", List.of(new PlanSelections.Entry("sel-1", TAGGED))),
            new PlanSelections("plan-2", "empty", List.of()),
            new PlanSelections("plan-3", "weekly", List.of(new PlanSelections.Entry("sel-3", PRODUCTION))));

    private final EngineBench bench;
    private final CoverageService service;

    CoverageServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        var sources = List.of(
                LiveSelectorTest.source("fs-1", Map.of("backup", "yes", "stage", "prod")),
                LiveSelectorTest.source("fs-2", Map.of("stage", "test")),
                LiveSelectorTest.source("fs-3", Map.of()));
        service = new CoverageService(
                bench.catalog,
                new LiveSelector(bench.catalog, new Inventory(sources, bench.catalog, List.of(), Map.of())),
                bench.gate,
                CoverageServiceTest::plansOf);
    }

    private static List<PlanSelections> plansOf(Scope scope) {
        return scope.equals(ADMIN.scope()) ? PLANS : List.of();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void whatNoPlanChoosesIsListedWithTheSelectionsThatCameNear() {
        var gaps = service.unprotected(ADMIN);

        assertThat(gaps.resources()).isEqualTo(3);
        assertThat(gaps.unprotected()).extracting(gap -> gap.resource().name()).containsExactly("fs-2", "fs-3");
        assertThat(gaps.unprotected().getFirst().leftOutBy()).singleElement().satisfies(judgement -> {
            assertThat(judgement.planName()).isEqualTo("weekly");
            assertThat(judgement.selectionName()).isEqualTo("production");
            assertThat(judgement.verdict().inWords()).contains("which is test");
        });
    }

    @Test
    void everySelectionOfEveryPlanSaysWhyItChoosesAResourceOrNot() {
        var arn = Arn.ofFileSystem(ADMIN.scope(), "fs-1");
        var explanation = service.why(ADMIN, arn.toString());

        assertThat(explanation.exists()).isTrue();
        assertThat(explanation.optedIn()).isTrue();
        assertThat(explanation.chosen()).isTrue();
        assertThat(explanation.judgements())
                .extracting(
                        Judgement::selectionId, judgement -> judgement.verdict().chosen())
                .containsExactly(tuple("sel-1", true), tuple("sel-3", true));
        assertThat(explanation.backups()).isEmpty();
    }

    @Test
    void aResourceThatDoesNotExistIsExplainedToo() {
        var explanation =
                service.why(ADMIN, Arn.ofFileSystem(ADMIN.scope(), "fs-gone").toString());

        assertThat(explanation.exists()).isFalse();
        assertThat(explanation.chosen()).isFalse();
        assertThat(explanation.judgements())
                .extracting(Judgement::verdict)
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Verdict.NotIncluded.class),
                        second -> assertThat(second).isInstanceOf(Verdict.LeftOut.class));
    }

    @Test
    void aStoredSelectionIsPreviewedAsAnUnstoredOne() {
        assertThat(service.previewStored(ADMIN, "plan-3", "sel-3")).isEqualTo(service.preview(ADMIN, PRODUCTION));
        assertThat(service.preview(ADMIN, PRODUCTION).chosen()).isEqualTo(1);
        assertThat(refusal(() -> service.previewStored(ADMIN, "plan-1", "sel-3"))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void othersSeeNothing() {
        var fileSystem = Arn.ofFileSystem(ADMIN.scope(), "fs-1").toString();
        assertThat(service.unprotected(STRANGER).resources()).isZero();
        assertThat(service.preview(STRANGER, TAGGED).judged()).isEmpty();
        assertThat(refusal(() -> service.why(STRANGER, fileSystem)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> service.previewStored(STRANGER, "plan-3", "sel-3"))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);

        var nobody = new Caller(EngineBench.ACCOUNT, Arn.ofRole(EngineBench.ACCOUNT, "x"), EngineBench.REGION);
        assertThat(refusal(() -> service.unprotected(nobody)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> service.preview(nobody, TAGGED)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> service.why(nobody, fileSystem)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void whatCannotBeProtectedAndWhatIsElsewhereIsRefused() {
        assertThat(refusal(() -> service.why(ADMIN, "arn:aws:sqs:eu-central-1:111122223333:queue"))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> service.why(ADMIN, "fs-1")).kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() ->
                                service.why(ADMIN, "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1"))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }
}
