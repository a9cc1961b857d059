package dev.coffer.server.plan;

import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.ScanSetting;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.server.recoverypoint.Lifecycles;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.AdvancedBackupSetting;
import software.amazon.awssdk.services.backup.model.BackupPlansListMember;
import software.amazon.awssdk.services.backup.model.IndexAction;
import software.amazon.awssdk.services.backup.model.ScanAction;

/** Plans as answers show them. Lists without elements are left out. */
final class PlanShapes {
    private PlanShapes() {}

    /** The document; its advanced settings are told beside it (AWS Backup). */
    static software.amazon.awssdk.services.backup.model.BackupPlan plan(BackupPlan plan) {
        return document(plan, PlanShapes::rule);
    }

    /** The document of a plan that does not exist yet: its rules have no ids. */
    static software.amazon.awssdk.services.backup.model.BackupPlan draft(BackupPlan plan) {
        return document(plan, rule -> rule(rule).toBuilder().ruleId(null).build());
    }

    /** The same with all that the document says, for a text of its own. */
    static software.amazon.awssdk.services.backup.model.BackupPlan whole(BackupPlan plan) {
        return draft(plan).toBuilder().advancedBackupSettings(advanced(plan)).build();
    }

    private static software.amazon.awssdk.services.backup.model.BackupPlan document(
            BackupPlan plan, Function<BackupRule, software.amazon.awssdk.services.backup.model.BackupRule> rule) {
        return software.amazon.awssdk.services.backup.model.BackupPlan.builder()
                .backupPlanName(plan.name())
                .rules(plan.rules().stream().map(rule).toList())
                .scanSettings(scans(plan))
                .build();
    }

    private static software.amazon.awssdk.services.backup.model.BackupRule rule(BackupRule rule) {
        var tags = rule.pointTags().valueByKey();
        return software.amazon.awssdk.services.backup.model.BackupRule.builder()
                .ruleName(rule.name())
                .ruleId(rule.id().value())
                .targetBackupVaultName(rule.vault().value())
                .targetLogicallyAirGappedBackupVaultArn(
                        rule.airGappedVault().map(Object::toString).orElse(null))
                .scheduleExpression(rule.schedule().expression())
                .scheduleExpressionTimezone(rule.schedule().zone())
                .startWindowMinutes(rule.startWindowMinutes())
                .completionWindowMinutes(rule.completionWindowMinutes())
                .lifecycle(Lifecycles.ofDomain(rule.lifecycle()))
                .recoveryPointTags(tags.isEmpty() ? null : tags)
                .copyActions(each(rule.copyActions(), PlanShapes::copy))
                .enableContinuousBackup(rule.continuous())
                .indexActions(rule.indexed().isEmpty() ? null : List.of(index(rule.indexed())))
                .scanActions(each(
                        rule.scans(),
                        scan -> ScanAction.builder()
                                .malwareScanner(scan.scanner())
                                .scanMode(scan.mode())
                                .build()))
                .build();
    }

    private static software.amazon.awssdk.services.backup.model.CopyAction copy(CopyAction copy) {
        return software.amazon.awssdk.services.backup.model.CopyAction.builder()
                .destinationBackupVaultArn(copy.destination().toString())
                .lifecycle(copy.lifecycle().map(Lifecycles::ofDomain).orElse(null))
                .build();
    }

    private static IndexAction index(List<ResourceType> types) {
        return IndexAction.builder()
                .resourceTypes(types.stream().map(ResourceType::wireName).toList())
                .build();
    }

    static @Nullable List<software.amazon.awssdk.services.backup.model.ScanSetting> scans(BackupPlan plan) {
        return each(plan.scans(), PlanShapes::scan);
    }

    private static software.amazon.awssdk.services.backup.model.ScanSetting scan(ScanSetting scan) {
        return software.amazon.awssdk.services.backup.model.ScanSetting.builder()
                .malwareScanner(scan.scanner())
                .resourceTypes(scan.resourceTypes())
                .scannerRoleArn(scan.scannerRole().toString())
                .build();
    }

    static @Nullable List<AdvancedBackupSetting> advanced(BackupPlan plan) {
        return each(
                plan.advanced(),
                setting -> AdvancedBackupSetting.builder()
                        .resourceType(setting.type().wireName())
                        .backupOptions(setting.options())
                        .build());
    }

    private static <T, S> @Nullable List<S> each(List<T> list, Function<T, S> shape) {
        return list.isEmpty() ? null : list.stream().map(shape).toList();
    }

    static BackupPlansListMember listed(PlanVersion plan, Instant createdAt) {
        return BackupPlansListMember.builder()
                .backupPlanArn(plan.arn().toString())
                .backupPlanId(plan.id().value())
                .creationDate(createdAt)
                .deletionDate(plan.deletedAt().orElse(null))
                .versionId(plan.versionId())
                .backupPlanName(plan.document().name())
                .creatorRequestId(plan.creatorRequestId().orElse(null))
                .lastExecutionDate(plan.lastExecutedAt().orElse(null))
                .advancedBackupSettings(advanced(plan.document()))
                .build();
    }
}
