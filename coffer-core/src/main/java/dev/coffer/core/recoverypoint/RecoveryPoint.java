package dev.coffer.core.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Optional;

/**
 * A recovery point as the control plane sees it. It belongs to exactly one vault; vault name and ARN together are its key.
 *
 * @param sessionId the repository session that wrote it, which is also the name of its manifest
 * @param createdAt when the backup job was created, not when it ended (AWS Backup)
 * @param logicalBytes size of the resource's data
 * @param transferredBytes bytes that were new to the vault
 * @param createdBy the rule of a plan that made it; empty for one on demand
 * @param storage where its data lies
 * @param sourceVault the vault for which its resource was backed up, if it is a copy
 */
public record RecoveryPoint(
        Scope scope,
        VaultName vault,
        Arn arn,
        String sessionId,
        Arn resource,
        ResourceType resourceType,
        String resourceName,
        Arn role,
        RecoveryPointStatus status,
        Instant createdAt,
        Optional<Instant> initiatedAt,
        Optional<Instant> completedAt,
        long logicalBytes,
        long transferredBytes,
        Lifecycle lifecycle,
        Optional<Instant> lastRestoredAt,
        Optional<CreatedBy> createdBy,
        StorageClass storage,
        Optional<Arn> sourceVault) {
    /** A point in warm storage, where every point begins, that is no copy. */
    public RecoveryPoint(
            Scope scope,
            VaultName vault,
            Arn arn,
            String sessionId,
            Arn resource,
            ResourceType resourceType,
            String resourceName,
            Arn role,
            RecoveryPointStatus status,
            Instant createdAt,
            Optional<Instant> initiatedAt,
            Optional<Instant> completedAt,
            long logicalBytes,
            long transferredBytes,
            Lifecycle lifecycle,
            Optional<Instant> lastRestoredAt,
            Optional<CreatedBy> createdBy) {
        this(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                lifecycle,
                lastRestoredAt,
                createdBy,
                StorageClass.WARM,
                Optional.empty());
    }

    /** When the retention of a snapshot ends; empty if it is kept for ever. A continuous backup goes when the last of what it holds is older than its retention, see {@link PointProtection}. */
    public Optional<Instant> expiresAt() {
        return lifecycle.deleteAt(createdAt);
    }

    /** When it is to move to cold storage; empty if it never is, and once it has. */
    public Optional<Instant> coldAt() {
        return storage == StorageClass.WARM && movesToCold() ? lifecycle.coldAt(createdAt) : Optional.empty();
    }

    /** Whether its type has cold storage (AWS Backup: feature availability). Volumes have it for those who opted in to the archive. */
    private boolean movesToCold() {
        return switch (resourceType) {
            case EFS, DYNAMODB -> true;
            case EBS -> lifecycle.optInToArchive().orElse(false);
            case AURORA, EC2, RDS, S3 -> false;
        };
    }

    /** The same point, finished. */
    public RecoveryPoint completed(Instant at, long logical, long transferred) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                RecoveryPointStatus.COMPLETED,
                createdAt,
                initiatedAt,
                Optional.of(at),
                logical,
                transferred,
                lifecycle,
                lastRestoredAt,
                createdBy,
                storage,
                sourceVault);
    }

    /** The same point with another size of what it holds. */
    public RecoveryPoint sized(long logical) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logical,
                transferredBytes,
                lifecycle,
                lastRestoredAt,
                createdBy,
                storage,
                sourceVault);
    }

    /** The same point in another status. */
    public RecoveryPoint withStatus(RecoveryPointStatus now) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                now,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                lifecycle,
                lastRestoredAt,
                createdBy,
                storage,
                sourceVault);
    }

    /** The same point, whose role and rule are others now: a continuous backup goes on under those of the latest job. */
    public RecoveryPoint madeBy(Arn nowRole, Optional<CreatedBy> nowBy) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                nowRole,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                lifecycle,
                lastRestoredAt,
                nowBy,
                storage,
                sourceVault);
    }

    /** The same point under another lifecycle. */
    public RecoveryPoint withLifecycle(Lifecycle now) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                now,
                lastRestoredAt,
                createdBy,
                storage,
                sourceVault);
    }

    /** The same point after a restore. */
    public RecoveryPoint restoredAt(Instant at) {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                lifecycle,
                Optional.of(at),
                createdBy,
                storage,
                sourceVault);
    }

    /** The same point in cold storage, which no point leaves. */
    public RecoveryPoint movedToCold() {
        return new RecoveryPoint(
                scope,
                vault,
                arn,
                sessionId,
                resource,
                resourceType,
                resourceName,
                role,
                status,
                createdAt,
                initiatedAt,
                completedAt,
                logicalBytes,
                transferredBytes,
                lifecycle,
                lastRestoredAt,
                createdBy,
                StorageClass.COLD,
                sourceVault);
    }
}
