package dev.coffer.core.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a backup plan says (AWS Backup: plan document): one to ten rules with different names, and settings for all of them. */
public record BackupPlan(String name, List<BackupRule> rules, List<AdvancedSetting> advanced, List<ScanSetting> scans) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9\\-_.]{1,200}");
    private static final int RULES_AT_MOST = 10;
    private static final RuleId NONE = new RuleId("");

    public BackupPlan {
        rules = List.copyOf(rules);
        advanced = List.copyOf(advanced);
        scans = List.copyOf(scans);
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    "BackupPlanName must be 1 to 200 letters, digits, hyphens (-), underscores (_) or periods (.).");
        }
        if (rules.isEmpty() || rules.size() > RULES_AT_MOST) {
            throw invalid("Rules must have 1 to " + RULES_AT_MOST + " rules, not " + rules.size() + ".");
        }
        var names = new HashSet<String>();
        for (var rule : rules) {
            if (!names.add(rule.name())) {
                throw invalid("Rules has two rules with the name " + rule.name() + ". Give each rule its own name.");
            }
        }
        if (advanced.stream().map(AdvancedSetting::type).distinct().count() != advanced.size()) {
            throw invalid("AdvancedBackupSettings names a resource type twice.");
        }
    }

    private static Refused invalid(String message) {
        return new Refused(Problem.invalid(message));
    }

    /** The rule with the id. */
    public Optional<BackupRule> rule(RuleId id) {
        return rules.stream().filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** The options for backups of the type. */
    public Map<String, String> options(ResourceType type) {
        return advanced.stream()
                .filter(setting -> setting.type() == type)
                .findFirst()
                .map(AdvancedSetting::options)
                .orElse(Map.of());
    }

    /** Whether both say the same, whatever the ids of their rules. */
    public boolean saysTheSameAs(BackupPlan other) {
        return withoutIds().equals(other.withoutIds());
    }

    private BackupPlan withoutIds() {
        return new BackupPlan(
                name, rules.stream().map(rule -> rule.withId(NONE)).toList(), advanced, scans);
    }
}
