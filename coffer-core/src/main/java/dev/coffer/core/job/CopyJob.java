package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Instant;
import java.util.Optional;

/**
 * A copy job. It belongs to the account and Region of the point that it copies; the copy belongs to those of the destination.
 *
 * @param vault the source vault
 * @param recoveryPoint the point that is copied
 * @param copy the ARN that the copy has or will have
 * @param resource of the point
 * @param role that the copy is made under
 * @param lifecycle of the copy
 * @param createdBy the rule of a plan that asked for it; empty for one on demand
 * @param backupJob the backup job after which the rule asked for it
 * @param attempts how often it was claimed
 */
public record CopyJob(
        JobId id,
        Scope scope,
        VaultName vault,
        Arn recoveryPoint,
        VaultPlace destination,
        Arn copy,
        Arn resource,
        ResourceType resourceType,
        String resourceName,
        Arn role,
        Lifecycle lifecycle,
        Optional<CreatedBy> createdBy,
        Optional<JobId> backupJob,
        Instant createdAt,
        int attempts,
        Progress progress,
        CopyState state)
        implements Job {
    /** AWS's texts for copies that cannot be made. */
    public static final String NOT_IN_ORGANIZATION =
            "Copy job failed. Both source and destination account must be a member of the same organization.";

    public static final String ACROSS_ACCOUNTS_OFF =
            "Copy job failed. Cross-account copy feature is not enabled for the current organization.";
    public static final String ACCESS_DENIED = "Access Denied trying to call AWS Backup service";
    public static final String INTO_DEFAULT_VAULT =
            "Copy job failed because the destination Backup vault is encrypted with the default Backup service managed"
                    + " key. The contents of this vault cannot be copied. Only the contents of a Backup vault encrypted"
                    + " by an AWS KMS key may be copied.";
    public static final String RETENTION_OUTSIDE = "Copy job failed. The retention specified in the job is not within"
            + " the range specified for the target Backup Vault.";

    /** AWS's text for a fault of the service itself. */
    public static final String FATAL = "Copy job encountered a fatal error.";

    /** The same job in another state. */
    public CopyJob in(CopyState next) {
        return with(attempts, progress, next);
    }

    /** The same job, claimed once more. */
    public CopyJob claimed() {
        return with(attempts + 1, progress, state);
    }

    /** The same job, further on. */
    public CopyJob at(Progress now) {
        return with(attempts, now, state);
    }

    private CopyJob with(int tried, Progress now, CopyState next) {
        return new CopyJob(
                id,
                scope,
                vault,
                recoveryPoint,
                destination,
                copy,
                resource,
                resourceType,
                resourceName,
                role,
                lifecycle,
                createdBy,
                backupJob,
                createdAt,
                tried,
                now,
                next);
    }

    /** Whether the copy goes to another account. */
    public boolean acrossAccounts() {
        return !destination.scope().account().equals(scope.account());
    }

    @Override
    public Optional<Instant> completedAt() {
        return state instanceof CopyState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    }

    /** What the user reads about the job. */
    public Optional<String> statusMessage() {
        return switch (state) {
            case CopyState.Created(var _, var obstacle) -> obstacle;
            case CopyState.Running _, CopyState.Completed _ -> Optional.empty();
            case CopyState.Failed(var _, var message) -> Optional.of(message);
        };
    }
}
