package dev.coffer.engine.plan;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.plan.PlanBench.everything;
import static dev.coffer.engine.plan.PlanBench.request;
import static dev.coffer.engine.plan.PlanBench.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.event.Event;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RunPreview;
import dev.coffer.core.plan.ScanAction;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanServiceTest {
    private static final String DAILY = "cron(0 5 ? * * *)";

    private final PlanBench bench;

    PlanServiceTest(@TempDir Path folder) {
        bench = new PlanBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aPlanIsShownAsItWasMadeWithAwsDefaults() {
        var bare = new RuleRequest(
                "bare",
                "Default",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                false,
                List.of(),
                List.of());
        var made = bench.plans.create(ADMIN, request("plan", bare), Map.of("team", "a"), Optional.of("token"));

        var shown = bench.now(made);
        assertThat(shown).isEqualTo(made);
        assertThat(UUID.fromString(
                        new String(Base64.getDecoder().decode(shown.versionId()), StandardCharsets.US_ASCII)))
                .isNotNull();
        assertThat(shown.document().rules()).singleElement().satisfies(rule -> {
            assertThat(rule.schedule().toString()).isEqualTo("cron(0 5 ? * * *) Etc/UTC");
            assertThat(rule.startWindowMinutes()).isEqualTo(480);
            assertThat(rule.completionWindowMinutes()).isEqualTo(10_080);
        });
        assertThat(bench.engine.tags.list(ADMIN, shown.arn().toString()).valueByKey())
                .isEqualTo(Map.of("team", "a"));
        assertThat(bench.engine.events())
                .filteredOn(event -> event.detailType().equals("Backup Plan State Change"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.resources()).containsExactly(shown.arn());
                    assertThat(event.detail())
                            .containsExactlyInAnyOrderEntriesOf(Map.of(
                                    "backupPlanId",
                                    shown.id().value(),
                                    "versionId",
                                    shown.versionId(),
                                    "creationDate",
                                    "2026-03-01T10:00:00.000Z",
                                    "state",
                                    "CREATED"));
                });
    }

    @Test
    void theSameTokenGivesTheFirstAnswerAndTheSameDocumentIsRefused() {
        var request = request("plan", rule("r", DAILY, 60, 7));
        var first = bench.plans.create(ADMIN, request, Map.of(), Optional.of("token"));
        bench.plans.update(ADMIN, first.id().value(), request("plan", rule("r", DAILY, 60, 8)));

        assertThat(bench.plans
                        .create(ADMIN, request, Map.of(), Optional.of("token"))
                        .versionId())
                .isEqualTo(first.versionId());
        var same = refusal(() ->
                bench.plans.create(ADMIN, request("plan", rule("r", DAILY, 60, 8)), Map.of(), Optional.of("new")));
        assertThat(same.kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
        assertThat(same.message()).isEqualTo("Backup plan with the same plan document already exists");
        assertThat(same.details())
                .containsEntry("Arn", first.arn().toString())
                .containsEntry("CreatorRequestId", "token");
        bench.plans.create(ADMIN, request, Map.of(), Optional.of("new"));
        bench.plans.create(STRANGER, request, Map.of(), Optional.of("token"));
    }

    @Test
    void anUpdateMakesAVersionAndRulesThatKeepTheirNamesKeepTheirIds() {
        var plan = bench.plan(rule("kept", DAILY, 60, 7), rule("gone", "cron(0 6 ? * * *)", 60, 7));
        var ids = plan.document().rules().stream().map(BackupRule::id).toList();
        bench.engine.clock.advance(Duration.ofHours(1));
        var next = bench.plans.update(
                ADMIN, plan.id().value(), request("plan", rule("new", DAILY, 60, 1), rule("kept", DAILY, 90, 9)));

        assertThat(next.versionId()).isNotEqualTo(plan.versionId());
        assertThat(next.document().rules().get(1).id()).isEqualTo(ids.getFirst());
        assertThat(ids).doesNotContain(next.document().rules().getFirst().id());
        assertThat(bench.now(plan)).isEqualTo(next);
        assertThat(bench.plans.get(ADMIN, plan.id().value(), Optional.of(plan.versionId())))
                .isEqualTo(plan);
        assertThat(bench.plans
                        .versions(ADMIN, plan.id().value(), PageRequest.first(10))
                        .rows())
                .containsExactly(next, plan);
        assertThat(refusal(() ->
                                bench.plans.update(ADMIN, plan.id().value(), request("other", rule("r", DAILY, 60, 1))))
                        .message())
                .startsWith("BackupPlanName cannot be changed");
        assertThat(bench.engine.events().getLast().detail())
                .containsEntry("state", "MODIFIED")
                .containsEntry("versionId", next.versionId())
                .containsEntry("modifiedAt", "2026-03-01T11:00:00.000Z");
    }

    @Test
    void aPlanWithSelectionsCannotBeDeletedAndADeletedOneIsGoneButForItsVersions() {
        var plan = bench.plan(rule("r", DAILY, 60, 7));
        var id = plan.id().value();
        bench.engine.tags.tag(ADMIN, plan.arn().toString(), Map.of("a", "1"));
        var selection = bench.selections.create(ADMIN, id, everything("s"), Optional.empty());
        var blocked = refusal(() -> bench.plans.delete(ADMIN, id));
        assertThat(blocked.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
        assertThat(blocked.message())
                .isEqualTo("Related backup plan selections must be deleted prior to backup plan deletion");

        bench.selections.delete(ADMIN, id, selection.id());
        var deleted = bench.plans.delete(ADMIN, id);
        assertThat(deleted.deletedAt()).contains(START);
        for (var call : List.<Runnable>of(
                () -> bench.plans.get(ADMIN, id, Optional.empty()),
                () -> bench.plans.delete(ADMIN, id),
                () -> bench.plans.update(ADMIN, id, request("plan", rule("r", DAILY, 60, 7))),
                () -> bench.plans.export(ADMIN, id))) {
            var gone = refusal(call::run);
            assertThat(gone.kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
            assertThat(gone.message()).isEqualTo("Failed reading Backup plan with provided version");
        }
        assertThat(bench.plans.get(ADMIN, id, Optional.of(plan.versionId())).deletedAt())
                .contains(START);
        assertThat(bench.plans.versions(ADMIN, id, PageRequest.first(10)).rows())
                .containsExactly(deleted);
        assertThat(bench.plans.list(ADMIN, false, PageRequest.first(10)).rows()).isEmpty();
        assertThat(bench.plans.list(ADMIN, true, PageRequest.first(10)).rows()).containsExactly(deleted);
        assertThat(refusal(() -> bench.engine.tags.list(ADMIN, plan.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        bench.plan(rule("r", DAILY, 60, 7));
    }

    @Test
    void quotasAreThoseOfTheInstallation() {
        var small = new PlanService(
                bench.engine.catalog,
                bench.engine.gate,
                bench.engine.clock,
                bench.engine.ids,
                new PlanLimits(2, 3, 1, 1, 1, 1, 1));
        var plan = bench.plan(rule("r", DAILY, 60, 1));
        bench.plan(rule("r", DAILY, 60, 2));
        assertThat(refusal(() -> small.create(
                                ADMIN, request("plan", rule("r", DAILY, 60, 3)), Map.of(), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
        for (int i = 4; i < 6; i++) {
            small.update(ADMIN, plan.id().value(), request("plan", rule("r", DAILY, 60, i)));
        }
        assertThat(refusal(() -> small.update(ADMIN, plan.id().value(), request("plan", rule("r", DAILY, 60, 9))))
                        .kind())
                .isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
    }

    @Test
    void whatThisVersionCannotDoIsRefusedAndNotTaken() {
        var plain = rule("r", DAILY, 60, 7);
        for (var asking : List.of(
                with(plain, Optional.of("arn:aws:backup:eu-central-1:111122223333:backup-vault:x"), 0, List.of(), 0),
                with(plain, Optional.empty(), 0, List.of(), 1))) {
            var problem = refusal(() -> bench.plan(asking));
            assertThat(problem.code()).contains("ERROR_3015");
            assertThat(problem.message()).contains("is not supported by this version of Coffer");
            bench.plans.check(ADMIN, request("plan", asking));
        }
        assertThat(bench.plans.list(ADMIN, true, PageRequest.first(10)).rows()).isEmpty();
    }

    @Test
    void aRuleNamesTheTypesWhosePointsAreIndexed() {
        var plain = rule("r", DAILY, 60, 7);
        var plan = bench.plan(with(plain, Optional.empty(), 0, List.of(List.of("S3", "EBS", "S3")), 0));
        assertThat(plan.document().rules().getFirst().indexed()).containsExactly(ResourceType.S3, ResourceType.EBS);
        var wrong = Map.of(
                List.of(List.of("S3"), List.of("EBS")), "IndexActions cannot have more than 1 element",
                List.of(List.of("S3", "EFS")), "Only EBS and S3 can be indexed",
                List.of(List.of("Tape")), "Unsupported resource type: Tape");
        wrong.forEach((actions, why) -> {
            var problem = refusal(() -> bench.plan(with(plain, Optional.empty(), 0, actions, 0)));
            assertThat(problem.code()).contains("ERROR_3015");
            assertThat(problem.message()).isEqualTo("Error in rule r : Invalid index actions. " + why);
        });
    }

    @Test
    void aRuleNamesTheVaultsThatItsBackupsAreCopiedTo() {
        var plan = bench.plan(with(rule("r", DAILY, 60, 7), Optional.empty(), 1, List.of(), 0));
        assertThat(plan.document().rules().getFirst().copyActions())
                .containsExactly(new CopyAction(new VaultPlace(ADMIN.scope(), new VaultName("far")), Optional.empty()));
    }

    private static RuleRequest with(
            RuleRequest rule, Optional<String> gapped, int copies, List<List<String>> indexed, int scans) {
        return new RuleRequest(
                rule.name(),
                rule.vaultName(),
                gapped,
                rule.scheduleExpression(),
                rule.scheduleExpressionTimezone(),
                rule.startWindowMinutes(),
                rule.completionWindowMinutes(),
                rule.lifecycle(),
                rule.pointTags(),
                copies == 0
                        ? List.of()
                        : List.of(new RuleRequest.Copy(
                                Arn.ofVault(ADMIN.scope(), "far").toString(), Optional.empty())),
                false,
                indexed,
                scans == 0 ? List.of() : List.of(new ScanAction("GUARDDUTY", "FULL_SCAN")));
    }

    @Test
    void everyTemplateIsAPlanThatCanBeMade() {
        assertThat(bench.plans.templates(ADMIN)).hasSize(4);
        var daily = bench.plans.template(ADMIN, "87c0c1ef-254d-4180-8fef-2e76a2c38aaa");
        assertThat(daily.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.name()).isEqualTo("DailyBackups");
            assertThat(rule.retentionDays()).isEqualTo(35);
        });
        for (var template : PlanTemplate.values()) {
            assertThat(bench.plans.template(ADMIN, template.id()).rules()).hasSizeBetween(1, 3);
        }
        assertThat(refusal(() -> bench.plans.template(ADMIN, "none")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void thePreviewBeginsAfterNow() {
        var plan = bench.plan(rule("r", DAILY, 60, 7));
        assertThat(bench.plans.preview(plan, 2))
                .extracting(RunPreview::at)
                .containsExactly(Instant.parse("2026-03-02T05:00:00Z"), Instant.parse("2026-03-03T05:00:00Z"));
        assertThat(bench.plans.preview(bench.plans.delete(ADMIN, plan.id().value()), 2))
                .isEmpty();
    }

    @Test
    void anAccountNeverSeesAnothersPlans() {
        var plan = bench.plan(rule("r", DAILY, 60, 7));
        var id = plan.id().value();
        assertThat(refusal(() -> bench.plans.get(STRANGER, id, Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.plans.get(STRANGER, id, Optional.of(plan.versionId())))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.plans.delete(STRANGER, id)).kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.plans.versions(STRANGER, id, PageRequest.first(1)))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(bench.plans.list(STRANGER, true, PageRequest.first(10)).rows())
                .isEmpty();
        assertThat(refusal(() -> bench.engine.tags.list(STRANGER, plan.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(bench.now(plan)).isEqualTo(plan);
    }

    @Test
    void plansOfOrganizationsAreNotChangedHere() {
        assertThat(refusal(() -> bench.plans.delete(ADMIN, "orgs/1")).message())
                .isEqualTo("Backup plan cannot be deleted for backup plan orgs/1 created by organizations");
        assertThat(refusal(() -> bench.plans.update(ADMIN, "orgs/1", request("p", rule("r", DAILY, 60, 7))))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void plansAreListedInPages() {
        for (int i = 1; i <= 5; i++) {
            bench.engine.clock.advance(Duration.ofSeconds(1));
            bench.plan(rule("r", DAILY, 60, i));
        }
        var first = bench.plans.list(ADMIN, false, PageRequest.first(3));
        var rest = bench.plans.list(ADMIN, false, new PageRequest(3, first.next()));
        assertThat(first.rows())
                .hasSize(3)
                .extracting(PlanVersion::planCreatedAt)
                .isSorted();
        assertThat(rest.rows()).hasSize(2);
        assertThat(rest.next()).isEmpty();
        assertThat(bench.engine.events().stream().map(Event::detailType).distinct())
                .containsExactly("Backup Plan State Change");
    }
}
