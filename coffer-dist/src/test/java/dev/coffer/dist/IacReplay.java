package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupException;
import software.amazon.awssdk.services.backup.model.BackupPlanInput;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;

/** What the sequences of {@link IacReplayTest} are played on, and what they have in common. */
record IacReplay(RunningCoffer coffer, BackupClient client) {
    /** The calls of one resource from its creation to its end, under a name of their own: all sequences share a server. */
    record Sequence(String name, Calls calls) {}

    /** Calls with what their maker relies on. */
    interface Calls {
        void make(IacReplay on) throws Exception;
    }

    /** The call is refused with AWS's type, status and text, by all of which makers tell what is gone from what went wrong. */
    static void refused(Runnable call, String type, int status, String text) {
        var refusal = catchThrowableOfType(BackupException.class, call::run);
        assertThat(refusal).as(type).isNotNull();
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(type);
        assertThat(refusal.statusCode()).isEqualTo(status);
        assertThat(refusal.awsErrorDetails().errorMessage()).contains(text);
    }

    /** The call is refused as one about a vault that is not there or not to be seen. */
    static void hidden(Runnable call) {
        refused(call, "AccessDeniedException", 403, "Insufficient privileges to perform this action.");
    }

    static String arnOf(String vault) {
        return "arn:aws:backup:" + REGION + ":" + ACCOUNT + ":backup-vault:" + vault;
    }

    void vault(String name) {
        client.createBackupVault(r -> r.backupVaultName(name));
    }

    /** A rule as the provider sends it: its own defaults, and nothing else that was left out. */
    static BackupRuleInput.Builder rule(String name, String vault) {
        return BackupRuleInput.builder()
                .ruleName(name)
                .targetBackupVaultName(vault)
                .scheduleExpression("cron(0 12 * * ? *)")
                .scheduleExpressionTimezone("Etc/UTC")
                .startWindowMinutes(60L)
                .completionWindowMinutes(180L)
                .enableContinuousBackup(false);
    }

    static BackupPlanInput plan(String name, BackupRuleInput.Builder... rules) {
        return BackupPlanInput.builder()
                .backupPlanName(name)
                .rules(java.util.Arrays.stream(rules)
                        .map(BackupRuleInput.Builder::build)
                        .toList())
                .build();
    }

    /** Makes a plan and gives its id. */
    String made(BackupPlanInput plan) {
        return client.createBackupPlan(r -> r.backupPlan(plan)).backupPlanId();
    }
}
