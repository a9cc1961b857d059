package dev.coffer.engine.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.plan.AdvancedSetting;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.ScanSetting;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The document of a plan as the caller wrote it. */
public record PlanRequest(String name, List<RuleRequest> rules, List<Advanced> advanced, List<Scan> scans) {
    public PlanRequest {
        rules = List.copyOf(rules);
        advanced = List.copyOf(advanced);
        scans = List.copyOf(scans);
    }

    /** Options for a type. */
    public record Advanced(String resourceType, Map<String, String> options) {
        public Advanced {
            options = Map.copyOf(options);
        }
    }

    /** Settings of a scanner. */
    public record Scan(String scanner, List<String> resourceTypes, String scannerRoleArn) {}

    /**
     * The plan.
     *
     * @param idOf the id of the rule with a name
     * @throws dev.coffer.core.problem.Refused INVALID_PARAMETER_VALUE if the document breaks a rule
     */
    BackupPlan plan(Function<String, RuleId> idOf) {
        return new BackupPlan(
                name,
                rules.stream().map(rule -> rule.rule(idOf.apply(rule.name()))).toList(),
                advanced.stream()
                        .map(setting -> AdvancedSetting.of(setting.resourceType(), setting.options()))
                        .toList(),
                scans.stream()
                        .map(scan -> new ScanSetting(
                                scan.scanner(),
                                scan.resourceTypes(),
                                Arn.parse("ScannerRoleArn", scan.scannerRoleArn())))
                        .toList());
    }
}
