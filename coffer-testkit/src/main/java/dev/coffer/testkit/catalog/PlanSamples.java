package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ROLE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.AdvancedSetting;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScanAction;
import dev.coffer.core.plan.ScanSetting;
import dev.coffer.core.plan.Schedule;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows of plans. */
public final class PlanSamples {
    private PlanSamples() {}

    /** A rule with every member set. */
    private static BackupRule fullRule(Scope scope) {
        return new BackupRule(
                "full",
                new RuleId("rule-full"),
                new VaultName("prod"),
                Optional.of(Arn.ofVault(scope, "gapped")),
                Schedule.of("cron(30 20-2/3 ? JAN,JUL FRI-MON 2024/2)", "Australia/Lord_Howe"),
                60,
                61,
                new Lifecycle(OptionalLong.of(30), OptionalLong.of(120), Optional.of(false)),
                Tags.of(Map.of("a", "'1'", "b", "")),
                List.of(
                        new CopyAction(new VaultPlace(scope, new VaultName("far")), Optional.empty()),
                        new CopyAction(new VaultPlace(scope, new VaultName("far")), Optional.of(Lifecycle.NONE))),
                false,
                List.of(ResourceType.EBS, ResourceType.S3),
                List.of(new ScanAction("GUARDDUTY", "FULL_SCAN")));
    }

    /** A rule with nothing but what it must have. */
    public static BackupRule rule(String name) {
        return new BackupRule(
                name,
                new RuleId("rule-" + name),
                VaultName.DEFAULT,
                Optional.empty(),
                Schedule.of(Schedule.USUAL_EXPRESSION, Schedule.USUAL_ZONE),
                BackupRule.USUAL_START_MINUTES,
                BackupRule.USUAL_COMPLETION_MINUTES,
                Lifecycle.NONE,
                Tags.NONE,
                List.of(),
                false,
                List.of(),
                List.of());
    }

    /** The first version of a plan. */
    public static PlanVersion plan(Scope scope, String id, Instant createdAt, Optional<String> creatorRequestId) {
        return new PlanVersion(
                scope,
                new PlanId(id),
                "version-1",
                1,
                document(scope, "plan"),
                createdAt,
                createdAt,
                Optional.empty(),
                Optional.empty(),
                creatorRequestId);
    }

    /** A document with every member set. */
    public static BackupPlan document(Scope scope, String name) {
        return new BackupPlan(
                name,
                List.of(fullRule(scope), rule("plain")),
                List.of(
                        new AdvancedSetting(ResourceType.EC2, Map.of("WindowsVSS", "enabled")),
                        new AdvancedSetting(ResourceType.S3, Map.of("BackupACLs", "disabled"))),
                List.of(new ScanSetting("GUARDDUTY", List.of("ALL"), ROLE)));
    }

    /** A clock whose next instant is so many milliseconds after the start of the samples. */
    public static PlanClock clock(long millis) {
        return new PlanClock(at(0), Optional.of(at(millis)));
    }

    /** A selection of the plan with every member set. */
    public static BackupSelection selection(PlanVersion plan, String name, Instant createdAt) {
        return new BackupSelection(
                plan.scope(),
                plan.id(),
                "selection-" + plan.id() + name,
                new Selection(
                        name,
                        ROLE,
                        List.of("*", "arn:aws:s3:::a'b"),
                        List.of("arn:aws:rds:*:*:db:*"),
                        List.of(new TagCondition("k", "v"), new TagCondition("k", "")),
                        new Selection.Conditions(
                                List.of(new TagCondition("e", "1")),
                                List.of(new TagCondition("ne", "2")),
                                List.of(new TagCondition("l", "*")),
                                List.of(new TagCondition("nl", "\u00e4*")))),
                createdAt,
                Optional.of("token-" + name));
    }

    /** A run of the plan whose window is an hour. */
    public static ScheduledRun run(PlanVersion plan, String rule, Instant fireAt, RunState state) {
        return new ScheduledRun(
                plan.scope(),
                plan.id(),
                new RuleId("rule-" + rule),
                fireAt,
                plan.versionId(),
                fireAt.plus(Duration.ofHours(1)),
                state);
    }
}
