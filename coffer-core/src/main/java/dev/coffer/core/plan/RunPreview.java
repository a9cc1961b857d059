package dev.coffer.core.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * A run that a plan will make (AWS Backup: backup plan summary). Of rules that fire at one instant, the one that keeps its recovery points longest is shown.
 *
 * @param continuous whether one of them is continuous
 */
public record RunPreview(Instant at, RuleId rule, boolean continuous) {
    /** The first runs of the plan after the instant, in the order of time. */
    public static List<RunPreview> of(BackupPlan plan, Instant after, int count) {
        var runByInstant = new TreeMap<Instant, RunPreview>();
        var rules = plan.rules().stream()
                .sorted(Comparator.comparingLong(BackupRule::retentionDays).reversed())
                .toList();
        for (var rule : rules) {
            var at = rule.schedule().next(after);
            for (int i = 0; i < count && at.isPresent(); i++) {
                runByInstant.merge(
                        at.get(),
                        new RunPreview(at.get(), rule.id(), rule.continuous()),
                        (longest, other) -> new RunPreview(
                                longest.at(), longest.rule(), longest.continuous() || other.continuous()));
                at = rule.schedule().next(at.get());
            }
        }
        return runByInstant.values().stream().limit(count).toList();
    }
}
