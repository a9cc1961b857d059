package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.plan.PlanBench.everything;
import static dev.coffer.engine.plan.PlanBench.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelectionServiceTest {
    private static final SelectionRequest.Conditions EMPTY =
            new SelectionRequest.Conditions(List.of(), List.of(), List.of(), List.of());

    private final PlanBench bench;
    private String plan = "";

    SelectionServiceTest(@TempDir Path folder) {
        bench = new PlanBench(folder);
    }

    @BeforeEach
    void plan() {
        plan = bench.plan(rule("r", "cron(0 5 ? * * *)", 60, 7)).id().value();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static SelectionRequest selection(
            Optional<List<String>> resources,
            Optional<List<String>> notResources,
            Optional<List<SelectionRequest.Tag>> tags,
            Optional<SelectionRequest.Conditions> conditions) {
        return new SelectionRequest("s", ROLE.toString(), resources, notResources, tags, conditions);
    }

    private static SelectionRequest of(List<String> resources) {
        return selection(Optional.of(resources), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Problem refused(SelectionRequest request) {
        return refusal(() -> bench.selections.create(ADMIN, plan, request, Optional.empty()));
    }

    @Test
    void aSelectionIsShownAsItWasMade() {
        var made = bench.selections.create(
                ADMIN,
                plan,
                selection(
                        Optional.of(List.of("arn:aws:ec2:*:*:volume/*", "arn:aws:s3:::bucket")),
                        Optional.of(List.of("arn:aws:s3:::not-*")),
                        Optional.of(List.of(new SelectionRequest.Tag("StringEquals", "backup", "daily"))),
                        Optional.of(new SelectionRequest.Conditions(
                                List.of(new SelectionRequest.Parameter(
                                        Optional.of("aws:ResourceTag/stage"), Optional.of("prod"))),
                                List.of(),
                                List.of(),
                                List.of()))),
                Optional.of("token"));
        assertThat(made.document())
                .isEqualTo(new Selection(
                        "s",
                        ROLE,
                        List.of("arn:aws:ec2:*:*:volume/*", "arn:aws:s3:::bucket"),
                        List.of("arn:aws:s3:::not-*"),
                        List.of(new TagCondition("backup", "daily")),
                        new Selection.Conditions(
                                List.of(new TagCondition("stage", "prod")), List.of(), List.of(), List.of())));
        assertThat(bench.selections.get(ADMIN, plan, made.id())).isEqualTo(made);
        assertThat(bench.selections.list(ADMIN, plan, PageRequest.first(10)).rows())
                .containsExactly(made);
        assertThat(bench.selections.create(ADMIN, plan, everything("other"), Optional.of("token")))
                .as("the token of a selection gives that one")
                .isEqualTo(made);
    }

    @Test
    void aSelectionThatChoosesNothingHasAwsTexts() {
        var missing = refused(selection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(missing.kind()).isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
        assertThat(missing.code()).contains("ERROR_4301");
        assertThat(missing.message()).isEqualTo("Either Resources or Conditions must not be null");
        for (var empty : List.of(
                of(List.of()),
                selection(Optional.empty(), Optional.empty(), Optional.of(List.of()), Optional.empty()),
                selection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(EMPTY)))) {
            var problem = refused(empty);
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message())
                    .isEqualTo(
                            "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.");
        }
    }

    @Test
    void aRoleThatCannotBeAssumedHasAwsText() {
        var role = "arn:aws:iam::111122223333:role/nobody";
        var problem = refused(new SelectionRequest(
                "s", role, Optional.of(List.of("*")), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(problem.message()).isEqualTo("IAM Role " + role + " cannot be assumed by AWS Backup");
    }

    @Test
    void whatIsNoPatternNoTypeAndNoKeyIsRefused() {
        for (var wrong : List.of("", "bucket", "bucket*", "arn:aws", "arn:aws:s3:::a *", "arn:aws:s3:::a\n")) {
            assertThat(refused(of(List.of("*", wrong))).message()).startsWith("Invalid ARN: ");
        }
        assertThat(refused(selection(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(List.of(new SelectionRequest.Tag("STRINGLIKE", "k", "v"))),
                                Optional.empty()))
                        .message())
                .startsWith("ConditionType must be STRINGEQUALS");
        for (var key : List.of("stage", "aws:ResourceTag/", "aws:RequestTag/stage")) {
            var conditions = new SelectionRequest.Conditions(
                    List.of(),
                    List.of(),
                    List.of(new SelectionRequest.Parameter(Optional.of(key), Optional.of("v"))),
                    List.of());
            assertThat(refused(selection(
                                    Optional.of(List.of("*")),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(conditions)))
                            .message())
                    .contains("must begin with aws:ResourceTag/");
        }
        assertThat(refused(new SelectionRequest(
                                "no name",
                                ROLE.toString(),
                                Optional.of(List.of("*")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()))
                        .message())
                .startsWith("SelectionName must be");
    }

    @Test
    void listsAreBounded() {
        var arns = IntStream.range(0, 501).mapToObj(i -> "arn:aws:s3:::b" + i).toList();
        var patterns =
                IntStream.range(0, 31).mapToObj(i -> "arn:aws:s3:::b" + i + "*").toList();
        var tags = Collections.nCopies(31, new SelectionRequest.Tag("STRINGEQUALS", "k", "v"));
        var conditions = new SelectionRequest.Conditions(
                Collections.nCopies(
                        31, new SelectionRequest.Parameter(Optional.of("aws:ResourceTag/k"), Optional.of("v"))),
                List.of(),
                List.of(),
                List.of());
        var all = Optional.of(List.of("*"));
        for (var tooMany : List.of(
                of(arns),
                of(patterns),
                selection(all, Optional.of(patterns), Optional.empty(), Optional.empty()),
                selection(all, Optional.empty(), Optional.of(tags), Optional.empty()),
                selection(all, Optional.empty(), Optional.empty(), Optional.of(conditions)))) {
            var problem = refused(tooMany);
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message()).contains("has at most");
        }
        bench.selections.create(ADMIN, plan, of(arns.subList(0, 500)), Optional.empty());
    }

    @Test
    void namesAreAPlansOwnAndQuotasAreCounted() {
        bench.selections.create(ADMIN, plan, everything("s"), Optional.of("first"));
        var same = refusal(() -> bench.selections.create(ADMIN, plan, everything("s"), Optional.of("second")));
        assertThat(same.kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
        assertThat(same.details()).containsEntry("CreatorRequestId", "first");
        for (int i = 1; i < 100; i++) {
            bench.selections.create(ADMIN, plan, everything("s" + i), Optional.empty());
        }
        assertThat(refusal(() -> bench.selections.create(ADMIN, plan, everything("more"), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.LIMIT_EXCEEDED);

        var other = bench.plan(rule("r", "cron(0 5 ? * * *)", 60, 8)).id().value();
        for (int i = 0; i <= 10; i++) {
            var byTag = new SelectionRequest(
                    "t" + i,
                    ROLE.toString(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(List.of(new SelectionRequest.Tag("STRINGEQUALS", "k", "v"))),
                    Optional.empty());
            if (i < 10) {
                bench.selections.create(ADMIN, other, byTag, Optional.empty());
            } else {
                assertThat(refusal(() -> bench.selections.create(ADMIN, other, byTag, Optional.empty()))
                                .kind())
                        .isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
            }
        }
        bench.selections.create(ADMIN, other, everything("s"), Optional.empty());
    }

    @Test
    void aPlanThatIsNotThereHasAwsAnswerInEveryCall() {
        var theirs = bench.selections.create(ADMIN, plan, everything("s"), Optional.empty());
        for (var call : List.<Runnable>of(
                () -> bench.selections.create(ADMIN, "none", everything("s"), Optional.empty()),
                () -> bench.selections.get(ADMIN, "none", theirs.id()),
                () -> bench.selections.list(ADMIN, "none", PageRequest.first(1)),
                () -> bench.selections.delete(ADMIN, "none", theirs.id()))) {
            var problem = refusal(call::run);
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message()).isEqualTo("Cannot find Backup plan with ID none");
        }
        assertThat(refusal(() -> bench.selections.get(STRANGER, plan, theirs.id()))
                        .message())
                .startsWith("Cannot find Backup plan");
        assertThat(refusal(() -> bench.selections.get(ADMIN, plan, "none")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        bench.selections.delete(ADMIN, plan, theirs.id());
        assertThat(refusal(() -> bench.selections.delete(ADMIN, plan, theirs.id())))
                .as("what Terraform reads as done")
                .isEqualTo(Problem.invalid("Cannot find Backup selection with ID " + theirs.id()));
    }
}
