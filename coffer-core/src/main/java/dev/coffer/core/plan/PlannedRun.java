package dev.coffer.core.plan;

/**
 * A run with the version of its plan that fired, which has the names.
 *
 * @param plan the version of the run
 */
public record PlannedRun(ScheduledRun run, PlanVersion plan) {
    public PlannedRun {
        if (!run.plan().equals(plan.id()) || !run.versionId().equals(plan.versionId())) {
            throw new IllegalStateException("a run of another plan: " + run);
        }
    }

    /** The plan's name. */
    public String planName() {
        return plan.document().name();
    }

    /** The rule that fired. */
    public BackupRule rule() {
        return plan.document()
                .rule(run.rule())
                .orElseThrow(() -> new IllegalStateException("a run has no rule: " + run));
    }
}
