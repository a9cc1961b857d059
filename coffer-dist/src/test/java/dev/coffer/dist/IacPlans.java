package dev.coffer.dist;

import static dev.coffer.dist.IacReplay.plan;
import static dev.coffer.dist.IacReplay.refused;
import static dev.coffer.dist.IacReplay.rule;
import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.dist.IacReplay.Sequence;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.backup.model.AdvancedBackupSetting;
import software.amazon.awssdk.services.backup.model.BackupRule;
import software.amazon.awssdk.services.backup.model.Lifecycle;

/** Plans. */
final class IacPlans {
    private IacPlans() {}

    static List<Sequence> sequences() {
        return List.of(
                new Sequence("Terraform: a plan from its creation to its end", IacPlans::plain),
                new Sequence("Terraform: rules that come and go", IacPlans::rules),
                new Sequence("Terraform: lifecycles", IacPlans::lifecycles),
                new Sequence("Terraform: everything of a rule, and advanced settings", IacPlans::whole),
                new Sequence("Terraform: a plan that is destroyed before its selection", IacPlans::selected),
                new Sequence("Terraform: another name", IacPlans::renamed),
                new Sequence("CloudFormation: numbers with decimals", IacPlans::decimals));
    }

    private static void plain(IacReplay on) {
        var client = on.client();
        var made = client.createBackupPlan(
                r -> r.backupPlan(plan("tf-plan", rule("daily", "Default"))).backupPlanTags(Map.of("key1", "value1")));
        var read = client.getBackupPlan(r -> r.backupPlanId(made.backupPlanId()));
        assertThat(read.backupPlanArn())
                .isEqualTo(made.backupPlanArn())
                .isEqualTo("arn:aws:backup:" + REGION + ":" + ACCOUNT + ":backup-plan:" + made.backupPlanId());
        assertThat(read.versionId()).isEqualTo(made.versionId());
        assertThat(read.deletionDate()).isNull();
        assertThat(read.hasAdvancedBackupSettings()).isFalse();
        assertThat(read.backupPlan().backupPlanName()).isEqualTo("tf-plan");
        assertThat(read.backupPlan().rules()).singleElement().satisfies(rule -> {
            assertThat(rule.toBuilder().ruleId(null).build())
                    .as("nothing that was not sent: no lifecycle, no tags, no copies")
                    .isEqualTo(BackupRule.builder()
                            .ruleName("daily")
                            .targetBackupVaultName("Default")
                            .scheduleExpression("cron(0 12 * * ? *)")
                            .scheduleExpressionTimezone("Etc/UTC")
                            .startWindowMinutes(60L)
                            .completionWindowMinutes(180L)
                            .enableContinuousBackup(false)
                            .build());
        });
        assertThat(client.getBackupPlan(r -> r.backupPlanId(made.backupPlanId()))
                        .equalsBySdkFields(read))
                .as("a read that follows a read says the same, for an empty plan")
                .isTrue();

        client.tagResource(r -> r.resourceArn(made.backupPlanArn()).tags(Map.of("key1", "changed", "key2", "value2")));
        client.untagResource(r -> r.resourceArn(made.backupPlanArn()).tagKeyList("key1"));
        assertThat(client.listTags(r -> r.resourceArn(made.backupPlanArn())).tags())
                .isEqualTo(Map.of("key2", "value2"));

        client.deleteBackupPlan(r -> r.backupPlanId(made.backupPlanId()));
        refused(
                () -> client.getBackupPlan(r -> r.backupPlanId(made.backupPlanId())),
                "ResourceNotFoundException",
                400,
                "Failed reading Backup plan with provided version");
        refused(
                () -> client.deleteBackupPlan(r -> r.backupPlanId(made.backupPlanId())),
                "ResourceNotFoundException",
                400,
                "Failed reading Backup plan with provided version");
    }

    private static void rules(IacReplay on) {
        var client = on.client();
        var two = plan("tf-rules", rule("one", "Default"), rule("two", "Default"));
        var three = plan(
                "tf-rules",
                rule("two", "Default").scheduleExpressionTimezone("Pacific/Tahiti"),
                rule("three", "Default"),
                rule("one", "Default").scheduleExpression("cron(0 6 * * ? *)"));
        var id = on.made(two);
        var first = client.getBackupPlan(r -> r.backupPlanId(id));
        assertThat(first.backupPlan().rules()).extracting(BackupRule::ruleName).containsExactly("one", "two");
        var updated = client.updateBackupPlan(r -> r.backupPlanId(id).backupPlan(three));
        assertThat(updated.backupPlanId()).isEqualTo(id);
        assertThat(updated.backupPlanArn()).isEqualTo(first.backupPlanArn());
        var second = client.getBackupPlan(r -> r.backupPlanId(id));
        assertThat(second.versionId()).isEqualTo(updated.versionId()).isNotEqualTo(first.versionId());
        assertThat(second.backupPlan().rules())
                .extracting(BackupRule::ruleName)
                .as("the order in which they were sent")
                .containsExactly("two", "three", "one");
        assertThat(second.backupPlan().rules().getFirst().scheduleExpressionTimezone())
                .isEqualTo("Pacific/Tahiti");
        assertThat(second.backupPlan().rules().getLast().ruleId())
                .isEqualTo(first.backupPlan().rules().getFirst().ruleId());
        var again = client.updateBackupPlan(r -> r.backupPlanId(id).backupPlan(three));
        assertThat(again.versionId()).as("an update that changes nothing").isNotEqualTo(updated.versionId());
        client.updateBackupPlan(r -> r.backupPlanId(id).backupPlan(plan("tf-rules", rule("one", "Default"))));
        assertThat(client.getBackupPlan(r -> r.backupPlanId(id)).backupPlan().rules())
                .hasSize(1);
        client.deleteBackupPlan(r -> r.backupPlanId(id));
    }

    private static void lifecycles(IacReplay on) {
        var client = on.client();
        var id = on.made(plan("tf-lifecycles", rule("daily", "Default")));
        for (var sent : List.of(
                Lifecycle.builder().moveToColdStorageAfterDays(7L),
                Lifecycle.builder().deleteAfterDays(120L),
                Lifecycle.builder().moveToColdStorageAfterDays(30L).deleteAfterDays(180L),
                Lifecycle.builder()
                        .moveToColdStorageAfterDays(30L)
                        .deleteAfterDays(180L)
                        .optInToArchiveForSupportedResources(true))) {
            var lifecycle = sent.build();
            client.updateBackupPlan(r -> r.backupPlanId(id)
                    .backupPlan(plan(
                            "tf-lifecycles",
                            rule("daily", "Default")
                                    .scheduleExpression("cron(0 10 ? * 6L *)")
                                    .lifecycle(lifecycle))));
            assertThat(client.getBackupPlan(r -> r.backupPlanId(id))
                            .backupPlan()
                            .rules()
                            .getFirst()
                            .lifecycle())
                    .isEqualTo(lifecycle);
        }
        client.updateBackupPlan(r -> r.backupPlanId(id).backupPlan(plan("tf-lifecycles", rule("daily", "Default"))));
        assertThat(client.getBackupPlan(r -> r.backupPlanId(id))
                        .backupPlan()
                        .rules()
                        .getFirst()
                        .lifecycle())
                .isNull();
        refused(
                () -> client.updateBackupPlan(r -> r.backupPlanId(id)
                        .backupPlan(plan(
                                "tf-lifecycles",
                                rule("daily", "Default")
                                        .lifecycle(l -> l.moveToColdStorageAfterDays(30L)
                                                .deleteAfterDays(60L))))),
                "InvalidParameterValueException",
                400,
                "Error in rule daily : Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from"
                        + " MoveToColdStorageAfterDays");
        client.deleteBackupPlan(r -> r.backupPlanId(id));
    }

    private static void whole(IacReplay on) {
        var client = on.client();
        var vss = AdvancedBackupSetting.builder()
                .resourceType("EC2")
                .backupOptions(Map.of("WindowsVSS", "enabled"))
                .build();
        var document = plan(
                        "tf-whole",
                        rule("daily", "Default")
                                .recoveryPointTags(Map.of("Name", "whole", "Key1", "Value1"))
                                .startWindowMinutes(120L)
                                .completionWindowMinutes(600L),
                        rule("continuous", "Default")
                                .enableContinuousBackup(true)
                                .lifecycle(l -> l.deleteAfterDays(35L)))
                .toBuilder()
                .advancedBackupSettings(vss)
                .build();
        var made = client.createBackupPlan(r -> r.backupPlan(document));
        assertThat(made.advancedBackupSettings()).containsExactly(vss);
        var read = client.getBackupPlan(r -> r.backupPlanId(made.backupPlanId()));
        assertThat(read.advancedBackupSettings())
                .as("where the provider reads them")
                .containsExactly(vss);
        assertThat(read.backupPlan().hasAdvancedBackupSettings()).isFalse();
        var daily = read.backupPlan().rules().getFirst();
        assertThat(daily.recoveryPointTags()).isEqualTo(Map.of("Name", "whole", "Key1", "Value1"));
        assertThat(daily.startWindowMinutes()).isEqualTo(120);
        assertThat(daily.completionWindowMinutes()).isEqualTo(600);
        assertThat(read.backupPlan().rules().getLast().enableContinuousBackup()).isTrue();
        var off =
                vss.toBuilder().backupOptions(Map.of("WindowsVSS", "disabled")).build();
        client.updateBackupPlan(r -> r.backupPlanId(made.backupPlanId())
                .backupPlan(document.toBuilder().advancedBackupSettings(off).build()));
        assertThat(client.getBackupPlan(r -> r.backupPlanId(made.backupPlanId()))
                        .advancedBackupSettings())
                .containsExactly(off);
        client.deleteBackupPlan(r -> r.backupPlanId(made.backupPlanId()));
    }

    private static void selected(IacReplay on) {
        var client = on.client();
        var id = on.made(plan("tf-selected", rule("daily", "Default")));
        var selection = client.createBackupSelection(r -> r.backupPlanId(id)
                        .backupSelection(s -> s.selectionName("all")
                                .iamRoleArn(RunningCoffer.ROLE)
                                .resources("*")))
                .selectionId();
        refused(
                () -> client.deleteBackupPlan(r -> r.backupPlanId(id)),
                "InvalidRequestException",
                400,
                "Related backup plan selections must be deleted prior to backup");
        client.deleteBackupSelection(r -> r.backupPlanId(id).selectionId(selection));
        client.deleteBackupPlan(r -> r.backupPlanId(id));
    }

    /** The provider destroys and makes anew; with {@code create_before_destroy} the other way round, which leaves two plans with the same rules for a moment. */
    private static void renamed(IacReplay on) {
        var client = on.client();
        var before = on.made(plan("tf-first-name", rule("daily", "Default")));
        var after = on.made(plan("tf-second-name", rule("daily", "Default")));
        client.deleteBackupPlan(r -> r.backupPlanId(before));
        assertThat(client.getBackupPlan(r -> r.backupPlanId(after)).backupPlan().backupPlanName())
                .isEqualTo("tf-second-name");
        client.deleteBackupPlan(r -> r.backupPlanId(after));
    }

    private static void decimals(IacReplay on) throws IOException {
        var answer = new RawCall(on.coffer(), "PUT", "/backup/plans/").body("""
                        {"BackupPlan": {"BackupPlanName": "cfn-decimals", "Rules": [{"RuleName": "daily",
                        "TargetBackupVaultName": "Default", "StartWindowMinutes": 60.0, "CompletionWindowMinutes": 180.0,
                        "Lifecycle": {"DeleteAfterDays": 3.0E1}}]}}""").send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        var id = on.client().listBackupPlans(r -> {}).backupPlansList().stream()
                .filter(plan -> plan.backupPlanName().equals("cfn-decimals"))
                .findFirst()
                .orElseThrow()
                .backupPlanId();
        var read = new RawCall(on.coffer(), "GET", "/backup/plans/" + id).send();
        assertThat(read.text()).contains("\"StartWindowMinutes\":60,").contains("\"DeleteAfterDays\":30");
        on.client().deleteBackupPlan(r -> r.backupPlanId(id));
    }
}
