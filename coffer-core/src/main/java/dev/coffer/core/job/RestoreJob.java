package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A restore job.
 *
 * @param metadata what the caller asked for, keys as they were given; may be confidential, so {@link #toString} leaves it out
 * @param copySourceTags whether the tags of the resource at backup time go to the new resource
 */
public record RestoreJob(
        JobId id,
        Scope scope,
        VaultName vault,
        Arn recoveryPoint,
        Instant recoveryPointCreatedAt,
        Arn sourceResource,
        ResourceType resourceType,
        Arn role,
        Map<String, String> metadata,
        boolean copySourceTags,
        Instant createdAt,
        int attempts,
        Progress progress,
        RestoreState state)
        implements Job {
    public RestoreJob {
        metadata = Map.copyOf(metadata);
    }

    /** The same job in another state. */
    public RestoreJob in(RestoreState next) {
        return new RestoreJob(
                id,
                scope,
                vault,
                recoveryPoint,
                recoveryPointCreatedAt,
                sourceResource,
                resourceType,
                role,
                metadata,
                copySourceTags,
                createdAt,
                attempts,
                progress,
                next);
    }

    /** The same job, claimed once more. */
    public RestoreJob claimed() {
        return new RestoreJob(
                id,
                scope,
                vault,
                recoveryPoint,
                recoveryPointCreatedAt,
                sourceResource,
                resourceType,
                role,
                metadata,
                copySourceTags,
                createdAt,
                attempts + 1,
                progress,
                state);
    }

    /** The same job, further on. */
    public RestoreJob at(Progress now) {
        return new RestoreJob(
                id,
                scope,
                vault,
                recoveryPoint,
                recoveryPointCreatedAt,
                sourceResource,
                resourceType,
                role,
                metadata,
                copySourceTags,
                createdAt,
                attempts,
                now,
                state);
    }

    @Override
    public Optional<Instant> completedAt() {
        return state instanceof RestoreState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    }

    @Override
    public String toString() {
        return "RestoreJob[" + id + " of " + recoveryPoint + " " + state.wireName() + "]";
    }
}
