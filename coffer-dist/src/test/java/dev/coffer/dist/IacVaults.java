package dev.coffer.dist;

import static dev.coffer.dist.IacReplay.arnOf;
import static dev.coffer.dist.IacReplay.hidden;
import static dev.coffer.dist.IacReplay.refused;
import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.dist.IacReplay.Sequence;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.backup.model.VaultState;

/** Vaults with their policies, locks and notifications. */
final class IacVaults {
    private static final String NOT_FOUND = "ResourceNotFoundException";
    private static final String TOPIC = "arn:aws:sns:" + REGION + ":" + ACCOUNT + ":backups";

    private IacVaults() {}

    static List<Sequence> sequences() {
        return List.of(
                new Sequence("Terraform: a vault from its creation to its end", IacVaults::vault),
                new Sequence("Terraform: a vault with force_destroy", IacVaults::forced),
                new Sequence("Terraform: the policy of a vault", IacVaults::policy),
                new Sequence("Terraform: the lock of a vault", IacVaults::lock),
                new Sequence("Terraform: the notifications of a vault", IacVaults::notifications),
                new Sequence("CloudFormation: a vault with everything", IacVaults::stack));
    }

    private static void vault(IacReplay on) {
        var client = on.client();
        var made = client.createBackupVault(
                r -> r.backupVaultName("tf-vault").backupVaultTags(Map.of("team", "files", "empty", "")));
        var read = client.describeBackupVault(r -> r.backupVaultName("tf-vault"));
        assertThat(read.backupVaultName()).isEqualTo("tf-vault");
        assertThat(read.backupVaultArn()).isEqualTo(arnOf("tf-vault")).isEqualTo(made.backupVaultArn());
        assertThat(read.encryptionKeyArn()).as("kms_key_arn").startsWith("arn:aws:kms:");
        assertThat(read.numberOfRecoveryPoints()).isZero();
        assertThat(read.vaultState()).isEqualTo(VaultState.AVAILABLE);
        assertThat(client.listTags(r -> r.resourceArn(read.backupVaultArn())).tags())
                .isEqualTo(Map.of("team", "files", "empty", ""));
        assertThat(client.describeBackupVault(r -> r.backupVaultName("tf-vault"))
                        .equalsBySdkFields(read))
                .as("a read that follows a read says the same, for an empty plan")
                .isTrue();

        client.untagResource(r -> r.resourceArn(read.backupVaultArn()).tagKeyList("empty"));
        client.tagResource(r -> r.resourceArn(read.backupVaultArn()).tags(Map.of("team", "archive", "owner", "ops")));
        assertThat(client.listTags(r -> r.resourceArn(read.backupVaultArn())).tags())
                .isEqualTo(Map.of("team", "archive", "owner", "ops"));

        refused(
                () -> client.createBackupVault(r -> r.backupVaultName("tf-vault")),
                "AlreadyExistsException",
                400,
                "Backup vault with the same name already exists");
        client.createBackupVault(r -> r.backupVaultName("tf-vault-same-key").encryptionKeyArn(read.encryptionKeyArn()));
        client.deleteBackupVault(r -> r.backupVaultName("tf-vault-same-key"));
        client.deleteBackupVault(r -> r.backupVaultName("tf-vault"));
        hidden(() -> client.describeBackupVault(r -> r.backupVaultName("tf-vault")));
        refused(
                () -> client.deleteBackupVault(r -> r.backupVaultName("tf-vault")),
                NOT_FOUND,
                400,
                "Backup vault tf-vault was not found.");
    }

    private static void forced(IacReplay on) throws InterruptedException {
        var client = on.client();
        on.vault("tf-forced");
        RunningCoffer.backUp(client, "tf-forced");
        RunningCoffer.backUp(client, "tf-forced");
        assertThat(client.describeBackupVault(r -> r.backupVaultName("tf-forced"))
                        .numberOfRecoveryPoints())
                .isEqualTo(2);
        refused(
                () -> client.deleteBackupVault(r -> r.backupVaultName("tf-forced")),
                "InvalidRequestException",
                400,
                "Backup vault cannot be deleted because it contains recovery points.");
        for (var page : client.listRecoveryPointsByBackupVaultPaginator(
                r -> r.backupVaultName("tf-forced").maxResults(1))) {
            for (var point : page.recoveryPoints()) {
                client.deleteRecoveryPoint(
                        r -> r.backupVaultName("tf-forced").recoveryPointArn(point.recoveryPointArn()));
                MainJobTest.awaitGone(client, "tf-forced", point.recoveryPointArn());
            }
        }
        client.deleteBackupVault(r -> r.backupVaultName("tf-forced"));
        hidden(() -> client.describeBackupVault(r -> r.backupVaultName("tf-forced")));
    }

    private static String policyOf(String principal, String... actions) {
        return "{\"Version\":\"2012-10-17\",\"Id\":\"default\",\"Statement\":[{\"Sid\":\"default\",\"Effect\":\"Allow\","
                + "\"Principal\":{\"AWS\":\"" + principal + "\"},\"Action\":[\"" + String.join("\",\"", actions)
                + "\"],\"Resource\":\"*\"}]}";
    }

    private static void policy(IacReplay on) {
        var client = on.client();
        var root = "arn:aws:iam::" + ACCOUNT + ":root";
        var first = policyOf(root, "backup:DescribeBackupVault", "backup:StartBackupJob");
        var changed = policyOf(root, "backup:StartBackupJob", "backup:ListRecoveryPointsByBackupVault");
        on.vault("tf-policy");
        refused(
                () -> client.getBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy")),
                NOT_FOUND,
                400,
                "Backup Vault " + arnOf("tf-policy") + " has no associated POLICY");
        for (var policy : List.of(first, changed)) {
            client.putBackupVaultAccessPolicy(
                    r -> r.backupVaultName("tf-policy").policy(policy));
            var read = client.getBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy"));
            assertThat(read.backupVaultName()).isEqualTo("tf-policy");
            assertThat(read.backupVaultArn()).isEqualTo(arnOf("tf-policy"));
            assertThat(read.policy()).isEqualTo(policy);
        }
        refused(
                () -> client.putBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy")
                        .policy(policyOf("arn:aws:iam::" + ACCOUNT + ":role/not-yet", "backup:StartBackupJob"))),
                "InvalidParameterValueException",
                400,
                "Provided principal is not valid");
        client.deleteBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy"));
        client.deleteBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy"));
        client.deleteBackupVault(r -> r.backupVaultName("tf-policy"));
        hidden(() -> client.getBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy")));
        hidden(() -> client.deleteBackupVaultAccessPolicy(r -> r.backupVaultName("tf-policy")));
        refused(
                () -> client.putBackupVaultAccessPolicy(
                        r -> r.backupVaultName("tf-policy").policy(first)),
                NOT_FOUND,
                400,
                "Backup vault tf-policy was not found.");
    }

    private static void lock(IacReplay on) {
        var client = on.client();
        on.vault("tf-lock");
        client.putBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock")
                .minRetentionDays(7L)
                .maxRetentionDays(1200L)
                .changeableForDays(3L));
        var read = client.describeBackupVault(r -> r.backupVaultName("tf-lock"));
        assertThat(read.locked()).isTrue();
        assertThat(read.lockDate()).isNotNull();
        assertThat(read.minRetentionDays()).isEqualTo(7);
        assertThat(read.maxRetentionDays()).isEqualTo(1200);

        client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock"));
        client.putBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock").minRetentionDays(1L));
        var replaced = client.describeBackupVault(r -> r.backupVaultName("tf-lock"));
        assertThat(replaced.lockDate()).isNull();
        assertThat(replaced.minRetentionDays()).isEqualTo(1);
        assertThat(replaced.maxRetentionDays()).isNull();

        client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock"));
        client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock"));
        var free = client.describeBackupVault(r -> r.backupVaultName("tf-lock"));
        assertThat(free.locked()).isFalse();
        assertThat(free.minRetentionDays()).isNull();
        client.deleteBackupVault(r -> r.backupVaultName("tf-lock"));
        refused(
                () -> client.deleteBackupVaultLockConfiguration(r -> r.backupVaultName("tf-lock")),
                NOT_FOUND,
                400,
                "tf-lock");
    }

    private static void notifications(IacReplay on) {
        var client = on.client();
        var none = "Failed reading notifications from database for Backup vault tf-notified";
        on.vault("tf-notified");
        refused(() -> client.getBackupVaultNotifications(r -> r.backupVaultName("tf-notified")), NOT_FOUND, 400, none);
        // The names that older configurations have, and one of the newest.
        var events = List.of(
                "BACKUP_JOB_SUCCESSFUL",
                "RESTORE_JOB_FAILED",
                "BACKUP_PLAN_MODIFIED",
                "RECOVERY_POINT_INDEX_COMPLETED");
        client.putBackupVaultNotifications(
                r -> r.backupVaultName("tf-notified").snsTopicArn(TOPIC).backupVaultEventsWithStrings(events));
        var read = client.getBackupVaultNotifications(r -> r.backupVaultName("tf-notified"));
        assertThat(read.backupVaultName()).isEqualTo("tf-notified");
        assertThat(read.backupVaultArn()).isEqualTo(arnOf("tf-notified"));
        assertThat(read.snsTopicArn()).isEqualTo(TOPIC);
        assertThat(read.backupVaultEventsAsStrings()).containsExactlyInAnyOrderElementsOf(events);
        client.deleteBackupVaultNotifications(r -> r.backupVaultName("tf-notified"));
        refused(() -> client.getBackupVaultNotifications(r -> r.backupVaultName("tf-notified")), NOT_FOUND, 400, none);
        client.deleteBackupVault(r -> r.backupVaultName("tf-notified"));
        refused(
                () -> client.getBackupVaultNotifications(r -> r.backupVaultName("tf-notified")),
                NOT_FOUND,
                400,
                "Backup vault tf-notified was not found.");
        refused(
                () -> client.deleteBackupVaultNotifications(r -> r.backupVaultName("tf-notified")),
                NOT_FOUND,
                400,
                "Backup vault tf-notified was not found.");
    }

    /** Another name is another vault, which is made before the old one goes. */
    private static void stack(IacReplay on) {
        var client = on.client();
        for (var name : List.of("cfn-vault", "cfn-renamed")) {
            client.createBackupVault(r -> r.backupVaultName(name).backupVaultTags(Map.of("aws-stack", "backups")));
            client.putBackupVaultAccessPolicy(r -> r.backupVaultName(name)
                    .policy(policyOf("arn:aws:iam::" + ACCOUNT + ":root", "backup:StartBackupJob")));
            client.putBackupVaultLockConfiguration(r -> r.backupVaultName(name).minRetentionDays(7L));
            client.putBackupVaultNotifications(r ->
                    r.backupVaultName(name).snsTopicArn(TOPIC).backupVaultEventsWithStrings("BACKUP_JOB_COMPLETED"));
            assertThat(client.describeBackupVault(r -> r.backupVaultName(name)).minRetentionDays())
                    .isEqualTo(7);
        }
        refused(
                () -> client.putBackupVaultNotifications(r -> r.backupVaultName("cfn-renamed")
                        .snsTopicArn(TOPIC)
                        .backupVaultEventsWithStrings("BACKUP_JOB_DREAMT")),
                "InvalidParameterValueException",
                400,
                "Please select from the following list of notifications BACKUP_JOB_STARTED, BACKUP_JOB_COMPLETED");
        for (var name : List.of("cfn-vault", "cfn-renamed")) {
            client.deleteBackupVault(r -> r.backupVaultName(name));
            hidden(() -> client.describeBackupVault(r -> r.backupVaultName(name)));
        }
    }
}
