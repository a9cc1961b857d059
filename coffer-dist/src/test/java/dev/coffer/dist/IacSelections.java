package dev.coffer.dist;

import static dev.coffer.dist.IacReplay.plan;
import static dev.coffer.dist.IacReplay.refused;
import static dev.coffer.dist.IacReplay.rule;
import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.ROLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.dist.IacReplay.Sequence;
import java.util.List;
import software.amazon.awssdk.services.backup.model.BackupSelection;
import software.amazon.awssdk.services.backup.model.Condition;
import software.amazon.awssdk.services.backup.model.ConditionParameter;
import software.amazon.awssdk.services.backup.model.ConditionType;

/** Selections. They cannot be changed: a change is a deletion and a creation. */
final class IacSelections {
    private IacSelections() {}

    static List<Sequence> sequences() {
        return List.of(
                new Sequence("Terraform: a selection from its creation to its end", IacSelections::plain),
                new Sequence("Terraform: conditions and exclusions", IacSelections::whole),
                new Sequence("Terraform: a selection that is gone", IacSelections::gone),
                new Sequence("Terraform: a role that is not there yet", IacSelections::roleless),
                new Sequence("CloudFormation: a selection and its successor", IacSelections::replaced));
    }

    private static Condition tag(String key, String value) {
        return Condition.builder()
                .conditionType(ConditionType.STRINGEQUALS)
                .conditionKey(key)
                .conditionValue(value)
                .build();
    }

    private static ConditionParameter on(String key, String value) {
        return ConditionParameter.builder()
                .conditionKey("aws:ResourceTag/" + key)
                .conditionValue(value)
                .build();
    }

    /** As the provider sends it: every list, and a Conditions object without members. */
    private static BackupSelection.Builder selection(String name) {
        return BackupSelection.builder()
                .selectionName(name)
                .iamRoleArn(ROLE)
                .conditions(c -> {})
                .listOfTags(List.of())
                .notResources(List.of())
                .resources(List.of());
    }

    private static void plain(IacReplay on) {
        var client = on.client();
        var plan = on.made(plan("tf-selection", rule("daily", "Default")));
        var made = client.createBackupSelection(r -> r.backupPlanId(plan)
                .backupSelection(selection("tagged")
                        .listOfTags(tag("foo", "bar"), tag("boo", "far"))
                        .build()));
        assertThat(made.backupPlanId()).isEqualTo(plan);
        var read = client.getBackupSelection(r -> r.backupPlanId(plan).selectionId(made.selectionId()));
        var selection = read.backupSelection();
        assertThat(selection.selectionName()).isEqualTo("tagged");
        assertThat(selection.iamRoleArn()).isEqualTo(ROLE);
        assertThat(selection.listOfTags()).containsExactlyInAnyOrder(tag("foo", "bar"), tag("boo", "far"));
        // Lists without elements and not nothing: the provider plans a replacement for ever otherwise.
        assertThat(selection.hasResources()).isTrue();
        assertThat(selection.resources()).isEmpty();
        assertThat(selection.hasNotResources()).isTrue();
        assertThat(selection.notResources()).isEmpty();
        assertThat(selection.conditions()).isNotNull();
        assertThat(selection.conditions().hasStringEquals()).isTrue();
        assertThat(selection.conditions().hasStringNotEquals()).isTrue();
        assertThat(selection.conditions().hasStringLike()).isTrue();
        assertThat(selection.conditions().hasStringNotLike()).isTrue();
        assertThat(client.getBackupSelection(r -> r.backupPlanId(plan).selectionId(made.selectionId()))
                        .equalsBySdkFields(read))
                .as("a read that follows a read says the same, for an empty plan")
                .isTrue();
        client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(made.selectionId()));
        client.deleteBackupPlan(r -> r.backupPlanId(plan));
    }

    private static void whole(IacReplay on) {
        var client = on.client();
        var plan = on.made(plan("tf-conditions", rule("daily", "Default")));
        var sent = selection("conditions")
                .resources("arn:aws:rds:*:*:cluster:*", "arn:aws:rds:*:*:db:*")
                .notResources("arn:aws:fsx:*", "arn:aws:s3:::logs-*")
                .conditions(c -> c.stringEquals(on("Component", "rds"), on("Team", "dev"))
                        .stringNotEquals(on("Backup", "false"), on("Team", "infra"))
                        .stringLike(on("Application", "app*"))
                        .stringNotLike(on("Environment", "test*")))
                .build();
        var id = client.createBackupSelection(r -> r.backupPlanId(plan).backupSelection(sent))
                .selectionId();
        assertThat(client.getBackupSelection(r -> r.backupPlanId(plan).selectionId(id))
                        .backupSelection())
                .isEqualTo(sent);
        client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(id));
        client.deleteBackupPlan(r -> r.backupPlanId(plan));
    }

    private static void gone(IacReplay on) {
        var client = on.client();
        var plan = on.made(plan("tf-gone", rule("daily", "Default")));
        var id = client.createBackupSelection(r -> r.backupPlanId(plan)
                        .backupSelection(selection("gone").resources("*").build()))
                .selectionId();
        client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(id));
        refused(
                () -> client.getBackupSelection(r -> r.backupPlanId(plan).selectionId(id)),
                "ResourceNotFoundException",
                400,
                "Backup selection " + id + " was not found.");
        refused(
                () -> client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(id)),
                "InvalidParameterValueException",
                400,
                "Cannot find Backup selection with ID " + id);
        client.deleteBackupPlan(r -> r.backupPlanId(plan));
        refused(
                () -> client.getBackupSelection(r -> r.backupPlanId(plan).selectionId(id)),
                "InvalidParameterValueException",
                400,
                "Cannot find Backup plan with ID " + plan);
        refused(
                () -> client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(id)),
                "InvalidParameterValueException",
                400,
                "Cannot find Backup plan with ID " + plan);
    }

    private static void roleless(IacReplay on) {
        var client = on.client();
        var plan = on.made(plan("tf-roleless", rule("daily", "Default")));
        refused(
                () -> client.createBackupSelection(r -> r.backupPlanId(plan)
                        .backupSelection(selection("roleless")
                                .iamRoleArn("arn:aws:iam::" + ACCOUNT + ":role/not-yet")
                                .resources("*")
                                .build())),
                "InvalidParameterValueException",
                400,
                "cannot be assumed");
        client.deleteBackupPlan(r -> r.backupPlanId(plan));
    }

    private static void replaced(IacReplay on) {
        var client = on.client();
        var plan = on.made(plan("cfn-selection", rule("daily", "Default")));
        var before = client.createBackupSelection(r -> r.backupPlanId(plan)
                        .backupSelection(BackupSelection.builder()
                                .selectionName("before")
                                .iamRoleArn(ROLE)
                                .listOfTags(tag("backup", "daily"))
                                .build()))
                .selectionId();
        var after = client.createBackupSelection(r -> r.backupPlanId(plan)
                        .backupSelection(BackupSelection.builder()
                                .selectionName("after")
                                .iamRoleArn(ROLE)
                                .listOfTags(tag("backup", "nightly"))
                                .build()))
                .selectionId();
        client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(before));
        assertThat(client.listBackupSelections(r -> r.backupPlanId(plan)).backupSelectionsList())
                .singleElement()
                .satisfies(listed -> {
                    assertThat(listed.selectionId()).isEqualTo(after);
                    assertThat(listed.selectionName()).isEqualTo("after");
                });
        client.deleteBackupSelection(r -> r.backupPlanId(plan).selectionId(after));
        client.deleteBackupPlan(r -> r.backupPlanId(plan));
    }
}
