package dev.coffer.core.plan;

import dev.coffer.core.arn.Scope;
import java.time.Instant;

/**
 * One instant at which a rule of a plan fired, and what became of it. Plan, rule and instant are its key: there is never a second one.
 *
 * @param versionId the version of the plan that fired
 * @param windowEndsAt the end of its start window
 */
public record ScheduledRun(
        Scope scope, PlanId plan, RuleId rule, Instant fireAt, String versionId, Instant windowEndsAt, RunState state) {
    /** The same run in another state. */
    public ScheduledRun in(RunState next) {
        return new ScheduledRun(scope, plan, rule, fireAt, versionId, windowEndsAt, next);
    }

    /** Whether its jobs may still be started. */
    public boolean windowOpen(Instant now) {
        return now.isBefore(windowEndsAt);
    }
}
