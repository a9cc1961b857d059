package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A backup job.
 *
 * @param recoveryPoint the ARN that its recovery point has or will have
 * @param pointTags tags asked for; the resource's own tags join them, and these win
 * @param createdBy the rule of a plan that made it; empty for one on demand
 * @param startBy the end of the start window
 * @param completeBy the end of the completion window; for a plan's job that has not started, the end if it starts as late as it may
 * @param attempts how often it was claimed
 * @param initiatedAt when it began to move data
 */
public record BackupJob(
        JobId id,
        Scope scope,
        VaultName vault,
        Arn resource,
        ResourceType resourceType,
        String resourceName,
        Arn role,
        Arn recoveryPoint,
        Lifecycle lifecycle,
        Map<String, String> options,
        Tags pointTags,
        Optional<CreatedBy> createdBy,
        Instant createdAt,
        Instant startBy,
        Instant completeBy,
        Optional<Instant> initiatedAt,
        int attempts,
        Progress progress,
        BackupState state)
        implements Job {
    public BackupJob {
        options = Map.copyOf(options);
    }

    /**
     * The same job in another state; entering {@code Running} for the first time sets the initiation, and lets the completion window of a plan's job begin, which is counted from its start (AWS Backup).
     */
    public BackupJob in(BackupState next) {
        var initiated = initiatedAt.isEmpty() && next instanceof BackupState.Running(var _, var startedAt)
                ? Optional.of(startedAt)
                : initiatedAt;
        boolean windowBegins = createdBy.isPresent() && initiatedAt.isEmpty() && initiated.isPresent();
        var endBy = windowBegins ? initiated.get().plus(Duration.between(startBy, completeBy)) : completeBy;
        return new BackupJob(
                id,
                scope,
                vault,
                resource,
                resourceType,
                resourceName,
                role,
                recoveryPoint,
                lifecycle,
                options,
                pointTags,
                createdBy,
                createdAt,
                startBy,
                endBy,
                initiated,
                attempts,
                progress,
                next);
    }

    /** The same job, claimed once more. */
    public BackupJob claimed() {
        return new BackupJob(
                id,
                scope,
                vault,
                resource,
                resourceType,
                resourceName,
                role,
                recoveryPoint,
                lifecycle,
                options,
                pointTags,
                createdBy,
                createdAt,
                startBy,
                completeBy,
                initiatedAt,
                attempts + 1,
                progress,
                state);
    }

    /** The same job, further on. */
    public BackupJob at(Progress now) {
        return new BackupJob(
                id,
                scope,
                vault,
                resource,
                resourceType,
                resourceName,
                role,
                recoveryPoint,
                lifecycle,
                options,
                pointTags,
                createdBy,
                createdAt,
                startBy,
                completeBy,
                initiatedAt,
                attempts,
                now,
                state);
    }

    /** The same job, whose recovery point is another one than was thought when it was created. */
    public BackupJob making(Arn point) {
        return new BackupJob(
                id,
                scope,
                vault,
                resource,
                resourceType,
                resourceName,
                role,
                point,
                lifecycle,
                options,
                pointTags,
                createdBy,
                createdAt,
                startBy,
                completeBy,
                initiatedAt,
                attempts,
                progress,
                state);
    }

    @Override
    public Optional<Instant> completedAt() {
        return state instanceof BackupState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    }

    /** What the user reads about the job. */
    public Optional<String> statusMessage() {
        return switch (state) {
            case BackupState.Ended ended -> ended.statusMessage();
            case BackupState.Created(var _, var obstacle) -> obstacle;
            case BackupState.Held _ -> Optional.empty();
        };
    }
}
