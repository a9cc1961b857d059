package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.Optional;

/**
 * One version of a backup plan, with what is known of the plan itself.
 *
 * @param versionId names the version, random
 * @param number counts the plan's versions from 1
 * @param planCreatedAt when the plan was made
 * @param createdAt when this version was made
 * @param deletedAt when the plan was deleted
 * @param lastExecutedAt when the plan last produced jobs
 * @param creatorRequestId the token of the create call, echoed
 */
public record PlanVersion(
        Scope scope,
        PlanId id,
        String versionId,
        long number,
        BackupPlan document,
        Instant planCreatedAt,
        Instant createdAt,
        Optional<Instant> deletedAt,
        Optional<Instant> lastExecutedAt,
        Optional<String> creatorRequestId) {
    /** The plan's ARN. */
    public Arn arn() {
        return Arn.ofPlan(scope, id.value());
    }

    /** The version that follows this one. */
    public PlanVersion followedBy(String nextVersionId, BackupPlan nextDocument, Instant at) {
        return new PlanVersion(
                scope,
                id,
                nextVersionId,
                number + 1,
                nextDocument,
                planCreatedAt,
                at,
                deletedAt,
                lastExecutedAt,
                creatorRequestId);
    }

    /** The same version of the plan, deleted. */
    public PlanVersion deleted(Instant at) {
        return new PlanVersion(
                scope,
                id,
                versionId,
                number,
                document,
                planCreatedAt,
                createdAt,
                Optional.of(at),
                lastExecutedAt,
                creatorRequestId);
    }
}
