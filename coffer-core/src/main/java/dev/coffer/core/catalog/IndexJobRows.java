package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the indexes of recovery points. Lists show those of the newest points first. */
public interface IndexJobRows {
    /**
     * The conditions of a list; all of them hold.
     *
     * @param resource what the points are of
     * @param status a wire name
     * @param createdBefore bound on the creation of the points
     * @param createdAfter bound on the creation of the points
     */
    record Filter(
            Optional<Arn> resource,
            Optional<ResourceType> resourceType,
            Optional<String> status,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter) {
        public static Filter none() {
            return new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** The index of the point. */
    Optional<IndexJob> find(Scope scope, VaultName vault, Arn recoveryPoint);

    /** The indexes of those of the points that have one, by the ARN of the point; no more statements than the points have vaults. */
    Map<Arn, IndexJob> ofPoints(List<RecoveryPoint> points);

    Page<IndexJob> list(Scope scope, Filter filter, PageRequest page);

    /** Indexes of all scopes that could be claimed now, the oldest first; see {@link BackupJobRows#claimable}. */
    List<IndexJob> claimable(Instant now, String node, String start, int limit);

    /** Indexes of all scopes that are DELETING, the longest first. */
    List<IndexJob> deleting(int limit);

    /** For the metrics: how many wait for their first walk, as {@code PENDING}, and how many are being walked, as {@code RUNNING}. */
    Map<String, Long> openByState();

    /** Whether the point that the backup job makes is to get an index. */
    boolean isWanted(JobId backup);
}
