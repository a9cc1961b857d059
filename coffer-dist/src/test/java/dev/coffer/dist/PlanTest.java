package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static dev.coffer.dist.RunningCoffer.RESOURCE;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.AdvancedBackupSetting;
import software.amazon.awssdk.services.backup.model.AlreadyExistsException;
import software.amazon.awssdk.services.backup.model.BackupJob;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupPlanInput;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.BackupSelection;
import software.amazon.awssdk.services.backup.model.Condition;
import software.amazon.awssdk.services.backup.model.ConditionParameter;
import software.amazon.awssdk.services.backup.model.ConditionType;
import software.amazon.awssdk.services.backup.model.Conditions;
import software.amazon.awssdk.services.backup.model.CopyAction;
import software.amazon.awssdk.services.backup.model.InvalidParameterValueException;
import software.amazon.awssdk.services.backup.model.InvalidRequestException;
import software.amazon.awssdk.services.backup.model.MissingParameterValueException;
import software.amazon.awssdk.services.backup.model.ResourceNotFoundException;
import software.amazon.awssdk.services.backup.model.RuleExecutionType;

/** Backup plans and their selections, through the AWS SDK. */
final class PlanTest {
    @TempDir
    private Path folder;

    private static BackupPlanInput plan(String name, Consumer<BackupRuleInput.Builder> members) {
        var rule = BackupRuleInput.builder().ruleName("daily").targetBackupVaultName("Default");
        members.accept(rule);
        return BackupPlanInput.builder()
                .backupPlanName(name)
                .rules(rule.build())
                .build();
    }

    private static AdvancedBackupSetting advanced(String type, String option, String value) {
        return AdvancedBackupSetting.builder()
                .resourceType(type)
                .backupOptions(Map.of(option, value))
                .build();
    }

    private static Condition tag(String conditionType) {
        return Condition.builder()
                .conditionType(conditionType)
                .conditionKey("backup")
                .conditionValue("daily")
                .build();
    }

    private static InvalidParameterValueException refused(BackupClient client, Consumer<BackupRuleInput.Builder> rule) {
        return catchThrowableOfType(
                InvalidParameterValueException.class,
                () -> client.createBackupPlan(r -> r.backupPlan(plan("refused", rule))));
    }

    @Test
    void aPlanIsMadeShownChangedAndDeleted() throws IOException {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var made = client.createBackupPlan(r -> r.backupPlan(plan(
                            "reference",
                            b -> b.lifecycle(l -> l.deleteAfterDays(30L)).recoveryPointTags(Map.of("why", "plan"))))
                    .backupPlanTags(Map.of("team", "files"))
                    .creatorRequestId("first"));
            var id = made.backupPlanId();
            assertThat(made.backupPlanArn())
                    .isEqualTo("arn:aws:backup:" + REGION + ":" + ACCOUNT + ":backup-plan:" + id);
            assertThat(made.versionId()).hasSize(48);
            assertThat(client.createBackupPlan(r ->
                                    r.backupPlan(plan("reference", b -> {})).creatorRequestId("first"))
                            .backupPlanId())
                    .isEqualTo(id);

            var shown = client.getBackupPlan(r -> r.backupPlanId(id).maxScheduledRunsPreview(3));
            assertThat(shown.creatorRequestId()).isEqualTo("first");
            assertThat(shown.backupPlan().backupPlanName()).isEqualTo("reference");
            assertThat(shown.hasAdvancedBackupSettings()).isFalse();
            assertThat(shown.lastExecutionDate()).isNull();
            var rule = shown.backupPlan().rules().getFirst();
            assertThat(rule.ruleId()).hasSize(36);
            assertThat(rule.scheduleExpression()).isEqualTo("cron(0 5 ? * * *)");
            assertThat(rule.scheduleExpressionTimezone()).isEqualTo("Etc/UTC");
            assertThat(rule.startWindowMinutes()).isEqualTo(480);
            assertThat(rule.completionWindowMinutes()).isEqualTo(10_080);
            assertThat(rule.enableContinuousBackup()).isFalse();
            assertThat(rule.lifecycle().deleteAfterDays()).isEqualTo(30);
            assertThat(rule.recoveryPointTags()).isEqualTo(Map.of("why", "plan"));
            assertThat(shown.scheduledRunsPreview()).hasSize(3).allSatisfy(run -> {
                assertThat(run.ruleId()).isEqualTo(rule.ruleId());
                assertThat(run.ruleExecutionType()).isEqualTo(RuleExecutionType.SNAPSHOTS);
                assertThat(run.executionTime().atZone(ZoneOffset.UTC).getHour()).isEqualTo(5);
            });
            assertThat(client.getBackupPlan(r -> r.backupPlanId(id)).hasScheduledRunsPreview())
                    .isFalse();

            var updated = client.updateBackupPlan(r -> r.backupPlanId(id)
                    .backupPlan(plan(
                                    "reference",
                                    b -> b.scheduleExpression("cron(0 22 ? * MON-FRI *)")
                                            .scheduleExpressionTimezone("Europe/Berlin")
                                            .startWindowMinutes(60L)
                                            .completionWindowMinutes(180L))
                            .toBuilder()
                            .advancedBackupSettings(advanced("EC2", "WindowsVSS", "enabled"))
                            .build()));
            assertThat(updated.versionId()).isNotEqualTo(made.versionId());
            assertThat(updated.advancedBackupSettings()).hasSize(1);
            var now = client.getBackupPlan(r -> r.backupPlanId(id));
            assertThat(now.advancedBackupSettings()).hasSize(1);
            assertThat(now.backupPlan().hasAdvancedBackupSettings()).isFalse();
            assertThat(now.backupPlan().rules().getFirst().ruleId()).isEqualTo(rule.ruleId());
            assertThat(client.getBackupPlan(r -> r.backupPlanId(id).versionId(made.versionId()))
                            .backupPlan()
                            .rules()
                            .getFirst())
                    .isEqualTo(rule);
            assertThat(client.listBackupPlanVersions(r -> r.backupPlanId(id)).backupPlanVersionsList())
                    .extracting("versionId")
                    .containsExactly(updated.versionId(), made.versionId());
            assertThat(client
                            .listBackupPlanVersionsPaginator(
                                    r -> r.backupPlanId(id).maxResults(1))
                            .stream())
                    .hasSize(2);
            assertThat(client.listBackupPlans(r -> {}).backupPlansList())
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.backupPlanName()).isEqualTo("reference"));

            client.tagResource(r -> r.resourceArn(made.backupPlanArn()).tags(Map.of("more", "x")));
            client.untagResource(r -> r.resourceArn(made.backupPlanArn()).tagKeyList("team"));
            assertThat(client.listTags(r -> r.resourceArn(made.backupPlanArn())).tags())
                    .isEqualTo(Map.of("more", "x"));

            var deleted = client.deleteBackupPlan(r -> r.backupPlanId(id));
            assertThat(deleted.versionId()).isEqualTo(updated.versionId());
            assertThat(deleted.deletionDate()).isNotNull();
            assertThat(catchThrowableOfType(
                            ResourceNotFoundException.class, () -> client.getBackupPlan(r -> r.backupPlanId(id))))
                    .hasMessageContaining("Failed reading Backup plan with provided version");
            assertThat(client.listBackupPlans(r -> {}).backupPlansList()).isEmpty();
            assertThat(client.listBackupPlans(r -> r.includeDeleted(true)).backupPlansList())
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.deletionDate()).isNotNull());
        }
    }

    @Test
    void objectionsToPlansHaveAwsTexts() throws IOException {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var lifecycle = refused(client, r -> r.lifecycle(l -> l.deleteAfterDays(0L)));
            var text = "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days";
            assertThat(lifecycle.code()).isEqualTo("ERROR_3015");
            assertThat(lifecycle.context()).isEqualTo("[\"daily\",\"" + text + "\"]");
            assertThat(lifecycle.awsErrorDetails().errorMessage()).isEqualTo("Error in rule daily : " + text);
            assertThat(refused(
                            client, r -> r.lifecycle(l -> l.deleteAfterDays(30L).moveToColdStorageAfterDays(7L))))
                    .hasMessageContaining(
                            "Error in rule daily : Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from"
                                    + " MoveToColdStorageAfterDays");
            assertThat(refused(
                            client,
                            r -> r.enableContinuousBackup(true)
                                    .lifecycle(l -> l.deleteAfterDays(100L).moveToColdStorageAfterDays(7L))))
                    .hasMessageContaining(
                            "Error in rule daily : Invalid lifecycle. MoveToColdStorageAfterDays is unavailable");
            assertThat(refused(client, r -> r.startWindowMinutes(59L)))
                    .hasMessageContaining("StartWindowMinutes cannot be less than 60 minutes");
            for (var wrong :
                    List.of("rate(1 day)", "cron(0 5 * * * *)", "cron(*/30 * ? * * *)", "cron(0 25 ? * * *)")) {
                assertThat(refused(client, r -> r.scheduleExpression(wrong)))
                        .hasMessageContaining("Error in rule daily : Invalid schedule expression " + wrong);
            }
            assertThat(refused(client, r -> r.scheduleExpressionTimezone("Mars/Base")))
                    .hasMessageContaining("Error in rule daily : Invalid schedule expression timezone Mars/Base");
            assertThat(refused(
                            client,
                            r -> r.copyActions(CopyAction.builder()
                                    .destinationBackupVaultArn("arn:aws:backup:eu-west-1:111122223333:vault:x")
                                    .build())))
                    .hasMessageContaining("Error in rule daily : DestinationBackupVaultArn"
                            + " arn:aws:backup:eu-west-1:111122223333:vault:x is not the ARN of a backup vault");
            assertThat(catchThrowableOfType(
                            InvalidParameterValueException.class,
                            () -> client.createBackupPlan(r -> r.backupPlan(plan("vss", b -> {}).toBuilder()
                                    .advancedBackupSettings(advanced("EC2", "WindowsVSS", "Enabled"))
                                    .build()))))
                    .hasMessageContaining("Invalid Resource Type : EC2");

            client.createBackupPlan(r -> r.backupPlan(plan("same", b -> {})));
            assertThat(catchThrowableOfType(
                            AlreadyExistsException.class,
                            () -> client.createBackupPlan(r -> r.backupPlan(plan("same", b -> {})))))
                    .hasMessageContaining("Backup plan with the same plan document already exists");
            assertThat(catchThrowableOfType(
                            InvalidParameterValueException.class,
                            () -> client.deleteBackupPlan(r -> r.backupPlanId("orgs/1"))))
                    .hasMessageContaining("created by organizations");
        }
    }

    @Test
    void templatesAndTextsBecomePlans() throws IOException {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            assertThat(client.listBackupPlanTemplates(r -> {}).backupPlanTemplatesList())
                    .extracting("backupPlanTemplateName")
                    .contains("Daily-35day-Retention", "Daily-Weekly-Monthly-7yr-Retention");
            var template = client.getBackupPlanFromTemplate(
                            r -> r.backupPlanTemplateId("87c0c1ef-254d-4180-8fef-2e76a2c38aaa"))
                    .backupPlanDocument();
            assertThat(template.rules()).singleElement().satisfies(rule -> {
                assertThat(rule.ruleName()).isEqualTo("DailyBackups");
                assertThat(rule.lifecycle().deleteAfterDays()).isEqualTo(35);
            });

            var made = client.createBackupPlan(r -> r.backupPlan(plan(
                            "exported",
                            b -> b.scheduleExpression("cron(0 1 L * ? *)").recoveryPointTags(Map.of("a", "\"quoted\"")))
                    .toBuilder()
                    .advancedBackupSettings(advanced("S3", "BackupACLs", "disabled"))
                    .build()));
            var text = client.exportBackupPlanTemplate(r -> r.backupPlanId(made.backupPlanId()))
                    .backupPlanTemplateJson();
            var read = client.getBackupPlanFromJSON(r -> r.backupPlanTemplateJson(text))
                    .backupPlan();
            assertThat(read.backupPlanName()).isEqualTo("exported");
            assertThat(read.advancedBackupSettings()).hasSize(1);
            assertThat(read.rules()).singleElement().satisfies(rule -> {
                assertThat(rule.scheduleExpression()).isEqualTo("cron(0 1 L * ? *)");
                assertThat(rule.recoveryPointTags()).isEqualTo(Map.of("a", "\"quoted\""));
                assertThat(rule.ruleId()).isNull();
            });
            assertThat(client.getBackupPlanFromJSON(
                                    r -> r.backupPlanTemplateJson(
                                            "{\"BackupPlanName\":\"byhand\",\"Rules\":[{\"RuleName\":\"r\",\"TargetBackupVaultName\":\"v1\"}]}"))
                            .backupPlan()
                            .rules()
                            .getFirst()
                            .scheduleExpression())
                    .isEqualTo("cron(0 5 ? * * *)");
            for (var junk :
                    List.of("", "{", "[]", "{}", "{\"BackupPlanName\":\"x\",\"Rules\":[{}]}", "{\"Rules\":7}")) {
                assertThat(catchThrowableOfType(
                                InvalidParameterValueException.class,
                                () -> client.getBackupPlanFromJSON(r -> r.backupPlanTemplateJson(junk))))
                        .as(junk)
                        .hasMessageContaining("BackupPlanTemplateJson");
            }
            assertThat(client.listBackupPlans(r -> {}).backupPlansList()).hasSize(1);
        }
    }

    @Test
    void aSelectionIsMadeShownAndDeletedAndItsObjectionsHaveAwsTexts() throws IOException {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var id = client.createBackupPlan(r -> r.backupPlan(plan("selecting", b -> {})))
                    .backupPlanId();
            var made = client.createBackupSelection(r -> r.backupPlanId(id)
                    .backupSelection(s -> s.selectionName("chosen")
                            .iamRoleArn(ROLE)
                            .resources(RESOURCE, "arn:aws:ec2:*:*:volume/*")
                            .listOfTags(tag("StringEquals"))
                            .conditions(Conditions.builder()
                                    .stringEquals(List.of())
                                    .stringNotEquals(ConditionParameter.builder()
                                            .conditionKey("aws:ResourceTag/stage")
                                            .conditionValue("test")
                                            .build())
                                    .stringLike(List.of())
                                    .stringNotLike(List.of())
                                    .build())));
            var shown = client.getBackupSelection(r -> r.backupPlanId(id).selectionId(made.selectionId()));
            assertThat(shown.backupSelection().resources()).containsExactly(RESOURCE, "arn:aws:ec2:*:*:volume/*");
            assertThat(shown.backupSelection().listOfTags())
                    .singleElement()
                    .satisfies(tag -> assertThat(tag.conditionType()).isEqualTo(ConditionType.STRINGEQUALS));
            assertThat(shown.backupSelection().conditions().stringEquals()).isEmpty();
            assertThat(shown.backupSelection().conditions().stringNotEquals())
                    .singleElement()
                    .satisfies(one -> assertThat(one.conditionKey()).isEqualTo("aws:ResourceTag/stage"));
            assertThat(client.listBackupSelections(r -> r.backupPlanId(id)).backupSelectionsList())
                    .singleElement()
                    .satisfies(listed -> {
                        assertThat(listed.selectionName()).isEqualTo("chosen");
                        assertThat(listed.iamRoleArn()).isEqualTo(ROLE);
                    });
            assertThat(catchThrowableOfType(
                            InvalidRequestException.class, () -> client.deleteBackupPlan(r -> r.backupPlanId(id))))
                    .hasMessageContaining(
                            "Related backup plan selections must be deleted prior to backup plan deletion");

            assertThat(catchThrowableOfType(
                                    MissingParameterValueException.class,
                                    () -> select(client, id, s -> s.iamRoleArn(ROLE)))
                            .awsErrorDetails()
                            .errorMessage())
                    .isEqualTo("Either Resources or Conditions must not be null");
            assertThat(catchThrowableOfType(
                            InvalidParameterValueException.class,
                            () -> select(client, id, s -> s.iamRoleArn(ROLE).resources(List.of()))))
                    .hasMessageContaining(
                            "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.");
            var nobody = "arn:aws:iam::" + ACCOUNT + ":role/nobody";
            assertThat(catchThrowableOfType(
                            InvalidParameterValueException.class,
                            () -> select(client, id, s -> s.iamRoleArn(nobody).resources("*"))))
                    .hasMessageContaining("IAM Role " + nobody + " cannot be assumed by AWS Backup");
            assertThat(catchThrowableOfType(
                            InvalidParameterValueException.class,
                            () -> select(client, "none", s -> s.iamRoleArn(ROLE).resources("*"))))
                    .hasMessageContaining("Cannot find Backup plan with ID none");

            client.deleteBackupSelection(r -> r.backupPlanId(id).selectionId(made.selectionId()));
            assertThat(catchThrowableOfType(
                            ResourceNotFoundException.class,
                            () -> client.getBackupSelection(
                                    r -> r.backupPlanId(id).selectionId(made.selectionId()))))
                    .isNotNull();
            client.deleteBackupPlan(r -> r.backupPlanId(id));
        }
    }

    private static void select(BackupClient client, String plan, Consumer<BackupSelection.Builder> selection) {
        client.createBackupSelection(r -> r.backupPlanId(plan).backupSelection(s -> {
            s.selectionName("more");
            selection.accept(s);
        }));
    }

    @Test
    void aPlanFiresAlsoIfItsServerWasKilledBeforeTheInstantAndStartedAfterItAndTellsWhatItMissed() throws Exception {
        Trees.random(folder.resolve("tree"), 3, 10_000, 4);
        Instant instant;
        String id;
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            // The next minute, or the one after if that is too close to be ready in time.
            instant = RunningCoffer.nextMinute(10).toInstant();
            var at = instant.atZone(ZoneOffset.UTC);
            id = client.createBackupPlan(r -> r.backupPlan(plan(
                            "firing",
                            b -> b.scheduleExpression("cron(" + at.getMinute() + " " + at.getHour() + " ? * * *)")
                                    .startWindowMinutes(60L)
                                    .completionWindowMinutes(120L)
                                    .recoveryPointTags(Map.of("why", "plan")))))
                    .backupPlanId();
            client.createBackupSelection(r -> r.backupPlanId(id)
                    .backupSelection(
                            s -> s.selectionName("tagged").iamRoleArn(ROLE).listOfTags(tag("STRINGEQUALS"))));
            coffer.kill();
        }
        beAsIfDownForTwoDays(instant);
        while (Instant.now().isBefore(instant)) {
            Thread.sleep(Math.max(1, Duration.between(Instant.now(), instant).toMillis()));
        }
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var job = jobOf(client);
            var ended = RunningCoffer.awaitBackup(client, job.backupJobId(), j -> RunningCoffer.ended(j.state()));
            assertThat(ended.state()).as(ended.toString()).isEqualTo(BackupJobState.COMPLETED);
            assertThat(ended.startBy()).isEqualTo(instant.plus(Duration.ofHours(1)));
            var plan = client.getBackupPlan(r -> r.backupPlanId(id));
            var creator = ended.createdBy();
            assertThat(creator).isEqualTo(job.createdBy());
            assertThat(creator.backupPlanId()).isEqualTo(id);
            assertThat(creator.backupPlanArn()).isEqualTo(plan.backupPlanArn());
            assertThat(creator.backupPlanVersion()).isEqualTo(plan.versionId());
            assertThat(creator.backupPlanName()).isEqualTo("firing");
            assertThat(creator.backupRuleId())
                    .isEqualTo(plan.backupPlan().rules().getFirst().ruleId());
            assertThat(creator.backupRuleName()).isEqualTo("daily");
            assertThat(creator.backupRuleTimezone()).isEqualTo("Etc/UTC");
            assertThat(plan.lastExecutionDate()).isAfterOrEqualTo(instant);
            assertThat(client.describeRecoveryPoint(
                                    r -> r.backupVaultName("Default").recoveryPointArn(ended.recoveryPointArn()))
                            .createdBy())
                    .isEqualTo(creator);
            assertThat(client.listTags(r -> r.resourceArn(ended.recoveryPointArn()))
                            .tags())
                    .containsEntry("why", "plan");
            assertThat(client.listRecoveryPointsByBackupVault(
                                    r -> r.backupVaultName("Default").byBackupPlanId(id))
                            .recoveryPoints())
                    .hasSize(1);
            assertThat(client.listRecoveryPointsByBackupVault(
                                    r -> r.backupVaultName("Default").byBackupPlanId("another"))
                            .recoveryPoints())
                    .isEmpty();
            assertThat(client.listBackupJobs(r -> {}).backupJobs()).hasSize(1);
            assertMissed(coffer, id, instant.minus(Duration.ofDays(1)));
        }
    }

    /** The instant of the day before has come, and nobody has seen it. */
    private void beAsIfDownForTwoDays(Instant instant) throws SQLException {
        var catalog = folder.resolve("data/catalog/catalog.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + catalog);
                var change = connection.createStatement()) {
            var since = instant.minus(Duration.ofDays(2)).toEpochMilli();
            assertThat(change.executeUpdate("update backup_plan set settled_until = " + since))
                    .isEqualTo(1);
        }
    }

    private static void assertMissed(RunningCoffer coffer, String plan, Instant instant) throws Exception {
        var missed = "\"RuleName\":\"daily\",";
        assertThat(asked(coffer, "plan-runs?state=missed&plan=" + plan))
                .containsOnlyOnce(missed)
                .contains("\"FireAt\":\"" + instant + "\"", "\"Reason\":\"The rule fired again");
        assertThat(asked(coffer, "dashboard")).contains("\"MissedRuns\":[{\"BackupPlanId\":\"" + plan);
        awaitEvent(coffer, "Backup Plan Run Missed");
    }

    private static void awaitEvent(RunningCoffer coffer, String detailType) throws Exception {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (!coffer.log().contains("\"detail_type\":\"" + detailType + "\"")) {
            assertThat(System.nanoTime()).as("the event is told").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private static String asked(RunningCoffer coffer, String path) throws IOException {
        var answer = new RawCall(coffer, "GET", "/coffer/v1/" + path).send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text();
    }

    private static BackupJob jobOf(BackupClient client) throws InterruptedException {
        long deadline = System.nanoTime() + RunningCoffer.PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var jobs = client.listBackupJobs(r -> {}).backupJobs();
            if (!jobs.isEmpty()) {
                return jobs.getFirst();
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the plan does not fire");
    }
}
