package dev.coffer.catalog.plan;

import dev.coffer.catalog.sql.JsonFields;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.AdvancedSetting;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.ScanAction;
import dev.coffer.core.plan.ScanSetting;
import dev.coffer.core.plan.Schedule;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The document of a plan as JSON text, by AWS's names. */
final class PlanText {
    private PlanText() {}

    static String of(BackupPlan plan) {
        var map = new TreeMap<String, Object>();
        map.put("BackupPlanName", plan.name());
        map.put("Rules", plan.rules().stream().map(PlanText::rule).toList());
        map.put(
                "AdvancedBackupSettings",
                plan.advanced().stream()
                        .map(setting ->
                                Map.of("ResourceType", setting.type().wireName(), "BackupOptions", setting.options()))
                        .toList());
        map.put(
                "ScanSettings",
                plan.scans().stream()
                        .map(setting -> Map.of(
                                "MalwareScanner", setting.scanner(),
                                "ResourceTypes", setting.resourceTypes(),
                                "ScannerRoleArn", setting.scannerRole().toString()))
                        .toList());
        return JsonText.of(map);
    }

    private static Map<String, Object> rule(BackupRule rule) {
        var map = new TreeMap<String, Object>();
        map.put("RuleName", rule.name());
        map.put("RuleId", rule.id().value());
        map.put("TargetBackupVaultName", rule.vault().value());
        rule.airGappedVault().ifPresent(arn -> map.put("TargetLogicallyAirGappedBackupVaultArn", arn.toString()));
        map.put("ScheduleExpression", rule.schedule().expression());
        map.put("ScheduleExpressionTimezone", rule.schedule().zone());
        map.put("StartWindowMinutes", rule.startWindowMinutes());
        map.put("CompletionWindowMinutes", rule.completionWindowMinutes());
        map.put("Lifecycle", lifecycle(rule.lifecycle()));
        map.put("RecoveryPointTags", rule.pointTags().valueByKey());
        map.put("CopyActions", rule.copyActions().stream().map(PlanText::copy).toList());
        map.put("EnableContinuousBackup", rule.continuous());
        map.put(
                "IndexActions",
                rule.indexed().stream().map(ResourceType::wireName).toList());
        map.put(
                "ScanActions",
                rule.scans().stream()
                        .map(scan -> Map.of("MalwareScanner", scan.scanner(), "ScanMode", scan.mode()))
                        .toList());
        return map;
    }

    private static Map<String, Object> copy(CopyAction copy) {
        var map = new TreeMap<String, Object>();
        map.put("DestinationBackupVaultArn", copy.destination().toString());
        copy.lifecycle().ifPresent(lifecycle -> map.put("Lifecycle", lifecycle(lifecycle)));
        return map;
    }

    private static Map<String, Object> lifecycle(Lifecycle lifecycle) {
        var map = new TreeMap<String, Object>();
        lifecycle.coldAfterDays().ifPresent(days -> map.put("MoveToColdStorageAfterDays", days));
        lifecycle.deleteAfterDays().ifPresent(days -> map.put("DeleteAfterDays", days));
        lifecycle.optInToArchive().ifPresent(yes -> map.put("OptInToArchiveForSupportedResources", yes));
        return map;
    }

    static BackupPlan plan(String text) {
        var map = new JsonFields(JsonText.object(text));
        return new BackupPlan(
                map.text("BackupPlanName"),
                map.objects("Rules").stream().map(PlanText::rule).toList(),
                map.objects("AdvancedBackupSettings").stream()
                        .map(setting -> new AdvancedSetting(
                                Stored.type(setting.text("ResourceType")), setting.texts("BackupOptions")))
                        .toList(),
                map.objects("ScanSettings").stream()
                        .map(setting -> new ScanSetting(
                                setting.text("MalwareScanner"),
                                setting.textList("ResourceTypes"),
                                Stored.arn(setting.text("ScannerRoleArn"))))
                        .toList());
    }

    private static BackupRule rule(JsonFields map) {
        return new BackupRule(
                map.text("RuleName"),
                new RuleId(map.text("RuleId")),
                new VaultName(map.text("TargetBackupVaultName")),
                map.maybeText("TargetLogicallyAirGappedBackupVaultArn").map(Stored::arn),
                Schedule.of(map.text("ScheduleExpression"), map.text("ScheduleExpressionTimezone")),
                map.number("StartWindowMinutes"),
                map.number("CompletionWindowMinutes"),
                lifecycle(map.object("Lifecycle")),
                Tags.of(map.texts("RecoveryPointTags")),
                map.objects("CopyActions").stream()
                        .map(copy -> new CopyAction(
                                VaultPlace.of(
                                        "DestinationBackupVaultArn",
                                        Stored.arn(copy.text("DestinationBackupVaultArn"))),
                                copy.maybeObject("Lifecycle").map(PlanText::lifecycle)))
                        .toList(),
                map.yesNo("EnableContinuousBackup"),
                map.textList("IndexActions").stream().map(Stored::type).toList(),
                map.objects("ScanActions").stream()
                        .map(scan -> new ScanAction(scan.text("MalwareScanner"), scan.text("ScanMode")))
                        .toList());
    }

    private static Lifecycle lifecycle(JsonFields map) {
        return new Lifecycle(
                days(map.maybeNumber("MoveToColdStorageAfterDays")),
                days(map.maybeNumber("DeleteAfterDays")),
                map.maybeYesNo("OptInToArchiveForSupportedResources"));
    }

    private static OptionalLong days(Optional<Long> days) {
        return days.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
