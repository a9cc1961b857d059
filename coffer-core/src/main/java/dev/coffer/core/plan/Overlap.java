package dev.coffer.core.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The merge of overlapping rules of one plan (AWS Backup: overlapping backup rules). A run that begins within the start window of a run of another rule is left out if that rule keeps its recovery points
 * longer; if both keep them equally long, the one that begins earlier stays, and of two that begin together the one whose rule stands first in the plan. Continuous rules and others do not meet.
 */
public final class Overlap {
    private Overlap() {}

    /** A run, as far as the merge looks at it. */
    public record Run(RuleId rule, Instant fireAt, Instant windowEndsAt) {
        public Run(BackupRule rule, Instant fireAt) {
            this(rule.id(), fireAt, rule.startBy(fireAt));
        }
    }

    /**
     * Decides which runs stay.
     *
     * @param kept runs from before that stayed; those of rules that the plan no longer has count no more
     * @param runs the runs to decide on
     * @return for every run in the order of time the run that it is merged into; empty for one that stays
     */
    public static Map<Run, Optional<Run>> merge(BackupPlan plan, Collection<Run> kept, Collection<Run> runs) {
        var standing = new ArrayList<>(kept);
        var decided = new LinkedHashMap<Run, Optional<Run>>();
        var order = Comparator.comparing(Run::fireAt)
                .thenComparing(
                        run -> plan.rule(run.rule())
                                .map(BackupRule::retentionDays)
                                .orElse(0L),
                        Comparator.reverseOrder())
                .thenComparingInt(run -> position(plan, run.rule()));
        for (var run : runs.stream().sorted(order).toList()) {
            var into = standing.stream()
                    .filter(other -> standsFor(plan, other, run))
                    .findFirst();
            if (into.isEmpty()) {
                standing.add(run);
            }
            decided.put(run, into);
        }
        return decided;
    }

    private static int position(BackupPlan plan, RuleId rule) {
        return plan.rules().stream().map(BackupRule::id).toList().indexOf(rule);
    }

    private static boolean standsFor(BackupPlan plan, Run other, Run run) {
        if (other.rule().equals(run.rule())
                || run.fireAt().isBefore(other.fireAt())
                || !run.fireAt().isBefore(other.windowEndsAt())) {
            return false;
        }
        var mine = plan.rule(run.rule());
        var theirs = plan.rule(other.rule());
        return mine.isPresent()
                && theirs.isPresent()
                && mine.get().continuous() == theirs.get().continuous()
                && theirs.get().retentionDays() >= mine.get().retentionDays();
    }
}
