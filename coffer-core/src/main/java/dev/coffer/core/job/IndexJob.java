package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The search index of a recovery point, and the work of making it. A point has at most one.
 *
 * @param id another one each time that an index is made
 * @param resource what the point is of
 * @param role of the request, or of the backup job
 * @param pointCreatedAt when the point says that it was created
 * @param continuous whether the point is a continuous backup, which is walked again and again
 * @param createdAt when the index was asked for
 * @param attempts how often it was claimed since the last walk that came to its end
 */
public record IndexJob(
        JobId id,
        Scope scope,
        VaultName vault,
        Arn recoveryPoint,
        Arn resource,
        ResourceType resourceType,
        Arn role,
        Instant pointCreatedAt,
        boolean continuous,
        Instant createdAt,
        int attempts,
        IndexState state)
        implements Job {
    /** A continuous backup is walked again not sooner (AWS Backup). */
    public static final Duration AGAIN_AFTER = Duration.ofDays(1);

    /** The same index in another state. */
    public IndexJob in(IndexState next) {
        return with(attempts, next);
    }

    /** The same index, claimed once more. */
    public IndexJob claimed() {
        return with(attempts + 1, state);
    }

    /** The same index after a walk that came to its end. */
    public IndexJob rested() {
        return with(0, state);
    }

    private IndexJob with(int newAttempts, IndexState next) {
        return new IndexJob(
                id,
                scope,
                vault,
                recoveryPoint,
                resource,
                resourceType,
                role,
                pointCreatedAt,
                continuous,
                createdAt,
                newAttempts,
                next);
    }

    /** None: a walk moves no data. */
    @Override
    public Progress progress() {
        return Progress.NONE;
    }

    @Override
    public Optional<Instant> completedAt() {
        return state instanceof IndexState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    }

    /** What the user reads about the index. */
    public Optional<String> statusMessage() {
        return switch (state) {
            case IndexState.Waiting(var _, var obstacle, var _) -> obstacle;
            case IndexState.Failed(var _, var message) -> Optional.of(message);
            case IndexState.Running _, IndexState.Active _, IndexState.Deleting _ -> Optional.empty();
        };
    }

    /** Why no other index is made in the place of this one. One that waits for its first walk is left to wait, a failed one is made anew. */
    public Optional<Problem> objectionToAnother() {
        return switch (state) {
            case IndexState.Deleting _ ->
                Optional.of(Problem.invalidRequest("The index of the recovery point " + recoveryPoint
                        + " is being deleted. Wait until it is gone, then enable it again."));
            case IndexState.Waiting _, IndexState.Running _, IndexState.Active _, IndexState.Failed _ ->
                state.walked()
                        .map(_ -> Problem.invalidRequest("The recovery point " + recoveryPoint
                                + " has an ACTIVE index already. To make it anew, disable it first."));
        };
    }

    /** Whether a backup that continues the point makes the index anew: only one that failed, and not twice a day. */
    public boolean isDueAnew(Instant now) {
        return state instanceof IndexState.Failed(var at, var _) && !now.isBefore(at.plus(AGAIN_AFTER));
    }
}
