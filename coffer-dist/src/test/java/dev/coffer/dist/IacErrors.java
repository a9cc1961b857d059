package dev.coffer.dist;

import static dev.coffer.dist.IacReplay.plan;
import static dev.coffer.dist.IacReplay.refused;
import static dev.coffer.dist.IacReplay.rule;

import dev.coffer.dist.IacReplay.Sequence;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.IndexAction;

/** What configurations can ask for and this version does not have: each is refused when it is applied, with its reason. */
final class IacErrors {
    private IacErrors() {}

    private record Refusal(Consumer<BackupClient> call, String type, int status, String text) {}

    static List<Sequence> sequences() {
        return List.of(
                new Sequence("both: what this version does not have", IacErrors::missing),
                new Sequence("both: copies, and keys of vaults", IacErrors::refusals));
    }

    private static Refusal missing(String operation, Consumer<BackupClient> call) {
        return new Refusal(call, "NotImplementedException", 501, "Coffer does not implement " + operation + " yet.");
    }

    private static void missing(IacReplay on) {
        check(
                on,
                missing(
                        "CreateFramework",
                        c -> c.createFramework(r -> r.frameworkName("tf").frameworkControls(List.of()))),
                missing("DescribeFramework", c -> c.describeFramework(r -> r.frameworkName("tf"))),
                missing(
                        "CreateReportPlan",
                        c -> c.createReportPlan(r -> r.reportPlanName("tf")
                                .reportDeliveryChannel(d -> d.s3BucketName("reports"))
                                .reportSetting(s -> s.reportTemplate("BACKUP_JOB_REPORT")))),
                missing(
                        "CreateRestoreTestingPlan",
                        c -> c.createRestoreTestingPlan(r -> r.restoreTestingPlan(p -> p.restoreTestingPlanName("tf")
                                .scheduleExpression("cron(0 12 ? * * *)")
                                .recoveryPointSelection(s -> {})))),
                missing(
                        "CreateLogicallyAirGappedBackupVault",
                        c -> c.createLogicallyAirGappedBackupVault(r -> r.backupVaultName("tf-airgapped")
                                .minRetentionDays(7L)
                                .maxRetentionDays(30L))));
    }

    private static void refusals(IacReplay on) {
        var indexing = plan(
                "tf-indexing",
                rule("daily", "Default")
                        .indexActions(IndexAction.builder().resourceTypes("EFS").build()));
        check(
                on,
                new Refusal(
                        c -> c.createBackupPlan(r -> r.backupPlan(indexing)),
                        "InvalidParameterValueException",
                        400,
                        "Error in rule daily : Invalid index actions. Only EBS and S3 can be indexed"),
                new Refusal(
                        c -> c.createBackupVault(r -> r.backupVaultName("tf-own-key")
                                .encryptionKeyArn(
                                        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")),
                        "InvalidParameterValueException",
                        400,
                        "cannot be used: no key service is configured for it. Leave it out"));
    }

    private static void check(IacReplay on, Refusal... refusals) {
        for (var refusal : refusals) {
            refused(() -> refusal.call().accept(on.client()), refusal.type(), refusal.status(), refusal.text());
        }
    }
}
