package dev.coffer.dist;

import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;

/** A plan that follows one resource from the next minute on. */
final class ContinuousPlan {
    private ContinuousPlan() {}

    static void make(BackupClient client, String resourceArn) {
        var at = RunningCoffer.nextMinute(5);
        var rule = BackupRuleInput.builder()
                .ruleName("pitr")
                .targetBackupVaultName("Default")
                .enableContinuousBackup(true)
                .scheduleExpression("cron(" + at.getMinute() + " " + at.getHour() + " ? * * *)")
                .lifecycle(l -> l.deleteAfterDays(7L))
                .build();
        var plan = client.createBackupPlan(
                        r -> r.backupPlan(p -> p.backupPlanName("pitr").rules(rule)))
                .backupPlanId();
        client.createBackupSelection(r -> r.backupPlanId(plan)
                .backupSelection(s -> s.selectionName("followed")
                        .iamRoleArn(RunningCoffer.ROLE)
                        .resources(resourceArn)));
    }
}
