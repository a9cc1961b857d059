package dev.coffer.core.plan;

import static dev.coffer.core.plan.Rules.plan;
import static dev.coffer.core.plan.Rules.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackupPlanTest {
    private static final String DAILY = "cron(0 5 ? * * *)";

    private static BackupRule with(
            String name,
            long start,
            long completion,
            Lifecycle lifecycle,
            Tags tags,
            List<CopyAction> copies,
            boolean continuous,
            List<ResourceType> indexed) {
        return new BackupRule(
                name,
                new RuleId("1"),
                VaultName.DEFAULT,
                Optional.empty(),
                Schedule.of(DAILY, "Etc/UTC"),
                start,
                completion,
                lifecycle,
                tags,
                copies,
                continuous,
                indexed,
                List.of());
    }

    private static Lifecycle days(OptionalLong cold, OptionalLong delete) {
        return new Lifecycle(cold, delete, Optional.empty());
    }

    private static Problem refusal(ThrowingCallable call) {
        var caught = new Problem[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(Refused.class, refused -> caught[0] = refused.problem());
        return caught[0];
    }

    @ParameterizedTest
    @CsvSource({
        "59, 10080, Invalid start window. StartWindowMinutes cannot be less than 60 minutes",
        "52560001, 52560002, Invalid start window. StartWindowMinutes cannot be more than 52560000 minutes",
        "60, 60, Invalid completion window. CompletionWindowMinutes must be more than StartWindowMinutes",
        "60, 52560001, Invalid completion window. CompletionWindowMinutes cannot be more than 52560000 minutes",
    })
    void windowsOutsideTheRulesAreRefusedInAwsForm(long start, long completion, String reason) {
        var problem =
                refusal(() -> with("Daily", start, completion, Lifecycle.NONE, Tags.NONE, List.of(), false, List.of()));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(problem.code()).contains("ERROR_3015");
        assertThat(problem.message()).isEqualTo("Error in rule Daily : " + reason);
        assertThat(problem.details()).containsEntry("Context", "[\"Daily\",\"" + reason + "\"]");
    }

    @Test
    void aContinuousRuleKeepsForOneToThirtyFiveDaysAndHasNoColdStorage() {
        with("c", 60, 61, days(OptionalLong.empty(), OptionalLong.of(35)), Tags.NONE, List.of(), true, List.of());
        for (var wrong : List.of(
                days(OptionalLong.empty(), OptionalLong.of(36)), days(OptionalLong.empty(), OptionalLong.empty()))) {
            assertThat(refusal(() -> with("c", 60, 61, wrong, Tags.NONE, List.of(), true, List.of()))
                            .message())
                    .isEqualTo("Error in rule c : Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than"
                            + " 35 days for continuous backups");
        }
        assertThat(refusal(() -> with(
                                "c",
                                60,
                                61,
                                days(OptionalLong.of(1), OptionalLong.of(100)),
                                Tags.NONE,
                                List.of(),
                                true,
                                List.of()))
                        .message())
                .isEqualTo("Error in rule c : Invalid lifecycle. MoveToColdStorageAfterDays is unavailable");
    }

    @Test
    void countsOfTagsCopiesAndIndexedTypesAreBounded() {
        var eleven = new TreeMap<String, String>();
        IntStream.range(0, 11).forEach(i -> eleven.put("k" + i, "v"));
        var copies = IntStream.range(0, 6)
                .mapToObj(
                        i -> new CopyAction(new VaultPlace(Rules.SCOPE, new VaultName("vault-" + i)), Optional.empty()))
                .toList();
        Stream.<ThrowingCallable>of(
                        () -> with("r", 60, 61, Lifecycle.NONE, Tags.of(eleven), List.of(), false, List.of()),
                        () -> with("r", 60, 61, Lifecycle.NONE, Tags.NONE, copies, false, List.of()),
                        () -> with(
                                "r",
                                60,
                                61,
                                Lifecycle.NONE,
                                Tags.NONE,
                                List.of(copies.getFirst(), copies.getFirst()),
                                false,
                                List.of()),
                        () -> with("r", 60, 61, Lifecycle.NONE, Tags.NONE, List.of(), false, List.of(ResourceType.EFS)))
                .forEach(call -> assertThat(refusal(call).message()).startsWith("Error in rule r : Invalid "));
        with("r", 60, 61, Lifecycle.NONE, Tags.NONE, copies.subList(0, 5), false, List.of(ResourceType.S3));
    }

    @Test
    void anArchiveNeedsAMonthlySchedule() {
        var archive = new Lifecycle(OptionalLong.of(1), OptionalLong.of(100), Optional.of(true));
        assertThat(refusal(() -> with("r", 60, 61, archive, Tags.NONE, List.of(), false, List.of()))
                        .message())
                .contains("OptInToArchiveForSupportedResources needs a schedule that fires at most monthly");
    }

    @Test
    void whatARuleRefusesIsToldWithTheRuleAndItsTextIsEscaped() {
        var problem = refusal(() -> RuleProblem.in("Daily", () -> Schedule.of("cron(\"\\\")", "Etc/UTC")));
        assertThat(problem.message()).startsWith("Error in rule Daily : Invalid schedule expression cron(\"\\\")");
        assertThat(problem.details().get("Context"))
                .startsWith("[\"Daily\",\"Invalid schedule expression cron(\\\"\\\\\\\"): ");
        var lifecycle = refusal(() -> RuleProblem.in(
                "Daily", () -> Lifecycle.ofRequest(Optional.empty(), Optional.of(0L), Optional.empty())));
        assertThat(lifecycle.code()).contains("ERROR_3015");
        assertThat(lifecycle.message())
                .isEqualTo(
                        "Error in rule Daily : Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "\u00e4", "a/b"})
    void aPlanAndARuleHaveNamesOfTheseCharacters(String name) {
        assertThat(refusal(() -> new BackupPlan(name, List.of(rule("r", DAILY, 60, 1)), List.of(), List.of()))
                        .message())
                .startsWith("BackupPlanName must be");
        assertThat(refusal(() -> rule(name, DAILY, 60, 1)).message()).contains("Invalid rule name");
    }

    @Test
    void aPlanHasOneToTenRulesWithDifferentNames() {
        assertThat(refusal(() -> plan()).message()).startsWith("Rules must have 1 to 10 rules");
        var eleven = IntStream.range(0, 11)
                .mapToObj(i -> rule("r" + i, DAILY, 60, 1))
                .toArray(BackupRule[]::new);
        assertThat(refusal(() -> plan(eleven)).message()).isEqualTo("Rules must have 1 to 10 rules, not 11.");
        assertThat(refusal(() -> plan(rule("r", DAILY, 60, 1), rule("r", DAILY, 60, 2)))
                        .message())
                .contains("two rules with the name r");
    }

    @Test
    void plansSayTheSameWhateverTheIdsOfTheirRules() {
        var one = plan(rule("r", DAILY, 60, 1));
        var other = plan(rule("r", DAILY, 60, 1).withId(new RuleId("other")));
        assertThat(one.saysTheSameAs(other)).isTrue();
        assertThat(one.saysTheSameAs(plan(rule("r", DAILY, 60, 2)))).isFalse();
        assertThat(one.saysTheSameAs(plan(rule("r", "cron(0 6 ? * * *)", 60, 1))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "EC2, WindowsVSS, Enabled",
        "EC2, BackupACLs, enabled",
        "EFS, WindowsVSS, enabled",
        "Lambda, WindowsVSS, enabled"
    })
    void anUnknownAdvancedSettingHasAwsText(String type, String option, String value) {
        assertThat(refusal(() -> AdvancedSetting.of(type, Map.of(option, value)))
                        .message())
                .isEqualTo("Invalid Resource Type : " + type);
    }

    @Test
    void thePreviewShowsRunsOfOneInstantOnceByTheLongestRetention() {
        var plan = plan(
                rule("short", "cron(0 5 ? * * *)", 60, 7),
                rule("long", "cron(0 5 ? * MON *)", 60, 365),
                rule("pitr", "cron(0 6 ? * TUE *)", 60, 35, true));
        assertThat(RunPreview.of(plan, Instant.parse("2026-03-01T05:00:00Z"), 4))
                .containsExactly(
                        new RunPreview(Instant.parse("2026-03-02T05:00:00Z"), new RuleId("long"), false),
                        new RunPreview(Instant.parse("2026-03-03T05:00:00Z"), new RuleId("short"), false),
                        new RunPreview(Instant.parse("2026-03-03T06:00:00Z"), new RuleId("pitr"), true),
                        new RunPreview(Instant.parse("2026-03-04T05:00:00Z"), new RuleId("short"), false));
    }
}
