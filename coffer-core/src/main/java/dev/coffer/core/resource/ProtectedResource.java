package dev.coffer.core.resource;

import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/** A resource that has at least one successful backup, with the facts of the latest one. */
public record ProtectedResource(
        Arn arn,
        ResourceType type,
        String name,
        Instant lastBackupAt,
        Arn lastVault,
        Arn lastRecoveryPoint,
        Optional<LatestRestore> latestRestore) {
    /** The most recent restore of one of its recovery points that completed. */
    public record LatestRestore(Instant jobCreatedAt, long executionMinutes, Instant recoveryPointCreatedAt) {}
}
