package dev.coffer.server.plan;

import dev.coffer.core.plan.ScanAction;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.RuleRequest;
import dev.coffer.server.recoverypoint.Lifecycles;
import java.util.Optional;
import software.amazon.awssdk.services.backup.model.BackupPlanInput;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.IndexAction;

/** Plan documents of requests. */
final class PlanRequests {
    private PlanRequests() {}

    static PlanRequest of(BackupPlanInput plan) {
        return new PlanRequest(
                plan.backupPlanName(),
                plan.rules().stream().map(PlanRequests::rule).toList(),
                plan.advancedBackupSettings().stream()
                        .map(setting -> new PlanRequest.Advanced(
                                Optional.ofNullable(setting.resourceType()).orElse(""), setting.backupOptions()))
                        .toList(),
                plan.scanSettings().stream()
                        .map(scan -> new PlanRequest.Scan(
                                Optional.ofNullable(scan.malwareScannerAsString())
                                        .orElse(""),
                                scan.resourceTypes(),
                                Optional.ofNullable(scan.scannerRoleArn()).orElse("")))
                        .toList());
    }

    private static RuleRequest rule(BackupRuleInput rule) {
        return new RuleRequest(
                rule.ruleName(),
                rule.targetBackupVaultName(),
                Optional.ofNullable(rule.targetLogicallyAirGappedBackupVaultArn()),
                Optional.ofNullable(rule.scheduleExpression()),
                Optional.ofNullable(rule.scheduleExpressionTimezone()),
                Optional.ofNullable(rule.startWindowMinutes()),
                Optional.ofNullable(rule.completionWindowMinutes()),
                Optional.ofNullable(rule.lifecycle()).map(Lifecycles::ofRequest),
                rule.recoveryPointTags(),
                rule.copyActions().stream()
                        .map(copy -> new RuleRequest.Copy(
                                copy.destinationBackupVaultArn(),
                                Optional.ofNullable(copy.lifecycle()).map(Lifecycles::ofRequest)))
                        .toList(),
                Boolean.TRUE.equals(rule.enableContinuousBackup()),
                rule.indexActions().stream().map(IndexAction::resourceTypes).toList(),
                rule.scanActions().stream()
                        .map(scan -> new ScanAction(
                                Optional.ofNullable(scan.malwareScannerAsString())
                                        .orElse(""),
                                Optional.ofNullable(scan.scanModeAsString()).orElse("")))
                        .toList());
    }
}
