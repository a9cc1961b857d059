package dev.coffer.dist;

import static dev.coffer.dist.RunningCoffer.ACCOUNT;
import static dev.coffer.dist.RunningCoffer.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coffer.dist.Terraform.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupJobState;
import software.amazon.awssdk.services.backup.model.BackupPlanInput;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.BackupVaultListMember;

/**
 * The unmodified Terraform and its AWS provider, with the configuration that the page for operators shows and with more beside it. Each command takes about ten seconds, so that one run goes through everything.
 * Where either is not installed this class is reported as skipped, and {@link IacReplayTest} stands alone.
 */
final class TerraformTest {
    private static final String UPDATED = "will be updated in-place";
    private static final String REPLACED = "must be replaced";
    private static final String CREATED = "will be created";

    @TempDir
    private Path folder;

    @Test
    void whatIsAppliedStaysAndIsChangedImportedAndDestroyed() throws IOException, InterruptedException {
        var plugins = Terraform.plugins();
        assumeTrue(plugins.isPresent(), "terraform or its AWS provider is not installed");
        Files.createDirectories(folder.resolve("tree"));
        Files.writeString(folder.resolve("tree").resolve("file"), "content");
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            var here = Terraform.reference(plugins.get(), folder.resolve("here"), coffer, Map.of())
                    .with("first")
                    .initialised();
            var applied = here.apply();
            assertThat(applied.status()).as(applied.text()).isZero();
            assertThat(applied.text())
                    .contains("read = \"" + ACCOUNT + " arn:aws:backup:" + REGION + ":" + ACCOUNT
                            + ":backup-vault:forced whole conditions\"");
            assertNothingToDo(here.plan());

            changeByHand(client);
            assertBothChangesAreSeen(here.with("changed").apply());
            assertNothingToDo(here.plan());

            var there = Terraform.reference(
                            plugins.get(),
                            folder.resolve("there"),
                            coffer,
                            Map.of("plans", json(plans(client)), "selections", json(selections(client))))
                    .with("changed", "imported")
                    .initialised();
            var imported = there.apply();
            assertThat(imported.status()).as(imported.text()).isZero();
            assertThat(imported.text()).contains("Plan: 23 to import, 0 to add, 1 to change, 0 to destroy.");
            assertThat(imported.planned("aws_backup_vault.forced"))
                    .as("the provider keeps force_destroy to itself")
                    .isEqualTo(UPDATED);

            assertAFullVaultStaysUntilItIsEmpty(client, there);
            assertThat(client.listBackupVaults(r -> {}).backupVaultList())
                    .extracting(BackupVaultListMember::backupVaultName)
                    .containsExactly("Default");
            assertThat(client.listBackupPlans(r -> {}).backupPlansList()).isEmpty();
        }
    }

    @Test
    void whatThisVersionDoesNotHaveFailsAtApplyAndSaysSo() throws IOException, InterruptedException {
        var plugins = Terraform.plugins();
        assumeTrue(plugins.isPresent(), "terraform or its AWS provider is not installed");
        try (var coffer = RunningCoffer.start(folder)) {
            var applied = Terraform.reference(plugins.get(), folder.resolve("here"), coffer, Map.of())
                    .with("refused")
                    .initialised()
                    .apply();
            assertThat(applied.status()).isEqualTo(1);
            assertThat(applied.unwrapped())
                    .contains(
                            "InvalidParameterValueException: Error in rule daily : Invalid schedule expression rate(1"
                                    + " day): it must have the form cron(",
                            "cannot be used: no key service is configured for it. Leave it out, and the vault is encrypted",
                            "ResourceNotFoundException: Backup vault absent was not found.",
                            "InvalidRequestException: GlobalSettings: isMpaEnabled cannot be true: this version of"
                                    + " Coffer does not have what it turns on.");
            for (var operation : List.of(
                    "CreateFramework",
                    "CreateReportPlan",
                    "CreateRestoreTestingPlan",
                    "CreateLogicallyAirGappedBackupVault")) {
                assertThat(applied.unwrapped())
                        .contains("NotImplementedException: Coffer does not implement " + operation + " yet.");
            }
        }
    }

    private static void assertNothingToDo(Result plan) {
        assertThat(plan.status()).as(plan.text()).isZero();
        assertThat(plan.text()).contains("No changes.");
    }

    /** Drift: what the state says is not there any more, or another. */
    private static void changeByHand(BackupClient client) {
        client.tagResource(r -> r.resourceArn("arn:aws:backup:" + REGION + ":" + ACCOUNT + ":backup-vault:daily")
                .tags(Map.of("by", "hand")));
        client.deleteBackupVault(r -> r.backupVaultName("deleted"));
        var plans = plans(client);
        client.deleteBackupSelection(r -> r.backupPlanId(plans.get("rules"))
                .selectionId(selections(client).get("deleted")));
        client.deleteBackupPlan(r -> r.backupPlanId(plans.get("deleted")));
        client.updateBackupPlan(r -> r.backupPlanId(plans.get("backup_daily_30_days_retention"))
                .backupPlan(BackupPlanInput.builder()
                        .backupPlanName("backup_daily_30_days_retention")
                        .rules(BackupRuleInput.builder()
                                .ruleName("by-hand")
                                .targetBackupVaultName("daily")
                                .build())
                        .build()));
    }

    private static void assertBothChangesAreSeen(Result applied) {
        assertThat(applied.status()).as(applied.text()).isZero();
        var planned = new TreeMap<String, String>();
        var expected = new TreeMap<>(Map.of(
                // What somebody did by hand.
                "aws_backup_vault.daily", UPDATED,
                "aws_backup_plan.daily", UPDATED,
                "aws_backup_vault.deleted", CREATED,
                "aws_backup_vault_policy.deleted", CREATED,
                "aws_backup_vault_lock_configuration.deleted", CREATED,
                "aws_backup_vault_notifications.deleted", CREATED,
                "aws_backup_plan.deleted", CREATED,
                "aws_backup_selection.deleted", CREATED));
        expected.putAll(Map.of(
                // What the configuration changes.
                "aws_backup_vault.forced", UPDATED,
                "aws_backup_vault_policy.keyed", UPDATED,
                "aws_backup_vault_lock_configuration.keyed", REPLACED,
                "aws_backup_vault_notifications.keyed", REPLACED,
                "aws_backup_plan.whole", UPDATED,
                "aws_backup_plan.rules", UPDATED,
                "aws_backup_plan.named", REPLACED,
                "aws_backup_selection.united", REPLACED,
                "aws_backup_selection.conditions", REPLACED,
                "aws_backup_selection.except", REPLACED));
        expected.putAll(Map.of(
                "aws_backup_region_settings.all", UPDATED,
                "aws_backup_global_settings.all", UPDATED,
                // What nobody touched.
                "aws_backup_vault.keyed", "",
                "aws_backup_vault_lock_configuration.daily", "",
                "aws_backup_selection.tagged", ""));
        expected.keySet().forEach(address -> planned.put(address, applied.planned(address)));
        assertThat(planned).isEqualTo(expected);
    }

    /** One of two full vaults is forced and goes with its point. The other, whose lock went before it, goes when somebody has emptied it. */
    private static void assertAFullVaultStaysUntilItIsEmpty(BackupClient client, Terraform there)
            throws IOException, InterruptedException {
        backUpInto(client, "forced");
        var point = backUpInto(client, "daily");
        var half = there.destroy();
        assertThat(half.status()).as(half.text()).isEqualTo(1);
        assertThat(half.unwrapped())
                .contains("deleting Backup Vault (daily)")
                .contains(
                        "InvalidRequestException: Backup vault cannot be deleted because it contains recovery points.");
        assertThat(client.listBackupVaults(r -> {}).backupVaultList())
                .extracting(BackupVaultListMember::backupVaultName)
                .containsExactlyInAnyOrder("Default", "daily");
        client.deleteRecoveryPoint(r -> r.backupVaultName("daily").recoveryPointArn(point));
        MainJobTest.awaitGone(client, "daily", point);
        var rest = there.destroy();
        assertThat(rest.status()).as(rest.text()).isZero();
    }

    private static String backUpInto(BackupClient client, String vault) throws InterruptedException {
        var id = client.startBackupJob(r -> r.backupVaultName(vault)
                        .resourceArn(RunningCoffer.RESOURCE)
                        .iamRoleArn(RunningCoffer.ROLE)
                        .lifecycle(l -> l.deleteAfterDays(30L)))
                .backupJobId();
        var job = RunningCoffer.awaitBackup(client, id, ended -> RunningCoffer.ended(ended.state()));
        assertThat(job.state()).as(job.toString()).isEqualTo(BackupJobState.COMPLETED);
        return job.recoveryPointArn();
    }

    private static Map<String, String> plans(BackupClient client) {
        var idByName = new TreeMap<String, String>();
        client.listBackupPlans(r -> {})
                .backupPlansList()
                .forEach(plan -> idByName.put(plan.backupPlanName(), plan.backupPlanId()));
        return idByName;
    }

    private static Map<String, String> selections(BackupClient client) {
        var idByName = new TreeMap<String, String>();
        plans(client)
                .values()
                .forEach(plan -> client.listBackupSelections(r -> r.backupPlanId(plan))
                        .backupSelectionsList()
                        .forEach(selection -> idByName.put(selection.selectionName(), selection.selectionId())));
        return idByName;
    }

    private static String json(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }
}
