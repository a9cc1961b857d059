package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads restore jobs. Lists show the newest first. */
public interface RestoreJobRows {
    /** The conditions of a list; all of them hold. */
    record Filter(
            Optional<String> status,
            Optional<ResourceType> resourceType,
            Optional<Arn> sourceResource,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter,
            Optional<Instant> completedBefore,
            Optional<Instant> completedAfter,
            Optional<Instant> pointCreatedBefore,
            Optional<Instant> pointCreatedAfter) {
        public static Filter none() {
            return new Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    Optional<RestoreJob> find(Scope scope, JobId id);

    Page<RestoreJob> list(Scope scope, Filter filter, PageRequest page);

    /** How many jobs that were created on the days are in each state and of each type; see {@link BackupJobRows#counts}. */
    List<JobCount> counts(Scope scope, Days days, Optional<String> state, Optional<ResourceType> type);

    /** Jobs of all scopes that could be claimed now, the oldest first; see {@link BackupJobRows#claimable}. */
    List<RestoreJob> claimable(Instant now, String node, String start, int limit);

    /** How many jobs of the type are held under leases that have not lapsed. */
    int held(ResourceType type, Instant now);

    /** Whether a restore of the point is pending or running. */
    boolean pointInUse(Scope scope, Arn recoveryPoint);

    /** The jobs that restore points of the resource and have not ended, the oldest first. */
    List<RestoreJob> open(Scope scope, Arn sourceResource);

    /** Jobs that have not ended, by wire state, for the metrics. */
    java.util.Map<String, Long> openByState();
}
