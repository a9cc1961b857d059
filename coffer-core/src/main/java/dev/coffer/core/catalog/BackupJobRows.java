package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads backup jobs. Lists show the newest first. */
public interface BackupJobRows {
    /** The conditions of a list; all of them hold. A bound on completion excludes jobs that have not ended. */
    record Filter(
            Optional<Arn> resource,
            Optional<String> state,
            Optional<VaultName> vault,
            Optional<ResourceType> resourceType,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter,
            Optional<Instant> completedBefore,
            Optional<Instant> completedAfter,
            Optional<MessageCategory> messageCategory) {
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

    Optional<BackupJob> find(Scope scope, JobId id);

    Page<BackupJob> list(Scope scope, Filter filter, PageRequest page);

    /** How many jobs that were created on the days are in each state, of each type and message category; one count for each of those on each day, none for no jobs. Jobs that were removed long after their end are counted too. */
    List<JobCount> counts(
            Scope scope,
            Days days,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category);

    /** Jobs of all scopes that could be claimed now: created ones whose time has come, and held ones whose lease has lapsed or belongs to an earlier start of the node. The oldest first. */
    List<BackupJob> claimable(Instant now, String node, String start, int limit);

    /** Jobs of all scopes that are created and whose start window is over. */
    List<BackupJob> startWindowOver(Instant now, int limit);

    /** Whether another job of the resource is pending, running or aborting. */
    boolean resourceBusy(Scope scope, Arn resource, JobId except);

    /** How many jobs of the type are held under leases that have not lapsed. */
    int held(ResourceType type, Instant now);

    /** Jobs that have not ended, by wire state, for the metrics. */
    java.util.Map<String, Long> openByState();
}
