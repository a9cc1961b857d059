package dev.coffer.core.catalog;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads copy jobs. Lists show the newest first. */
public interface CopyJobRows {
    /** The conditions of a list; all of them hold. A bound on completion excludes jobs that have not ended. */
    record Filter(
            Optional<Arn> resource,
            Optional<Arn> recoveryPoint,
            Optional<VaultPlace> destination,
            Optional<String> state,
            Optional<ResourceType> resourceType,
            Optional<MessageCategory> messageCategory,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter,
            Optional<Instant> completedBefore,
            Optional<Instant> completedAfter) {
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
                    Optional.empty(),
                    Optional.empty());
        }

        /** Jobs in a state. */
        public static Filter in(String state) {
            return new Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(state),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Jobs that ended between the two moments, both excluded. */
        public static Filter endedBetween(Instant from, Instant to) {
            return new Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(to),
                    Optional.of(from));
        }

        /** The same, of jobs that were created after the moment, too. */
        public Filter createdAfter(Instant moment) {
            var after = createdAfter.filter(given -> given.isAfter(moment)).orElse(moment);
            return new Filter(
                    resource,
                    recoveryPoint,
                    destination,
                    state,
                    resourceType,
                    messageCategory,
                    createdBefore,
                    Optional.of(after),
                    completedBefore,
                    completedAfter);
        }
    }

    Optional<CopyJob> find(Scope scope, JobId id);

    Page<CopyJob> list(Scope scope, Filter filter, PageRequest page);

    /** How many jobs that were created on the days are in each state, of each type and message category; see {@link BackupJobRows#counts}. */
    List<JobCount> counts(
            Scope scope,
            Days days,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category);

    /** Jobs of all scopes that could be claimed now, the oldest first; see {@link BackupJobRows#claimable}. */
    List<CopyJob> claimable(Instant now, String node, String start, int limit);

    /** Whether another copy of the resource is running. */
    boolean resourceBusy(Scope scope, Arn resource, JobId except);

    /** How many copies of the account into vaults of the Region are held under leases that have not lapsed. */
    int heldInto(AccountId account, Region destination, Instant now);

    /** Whether a copy of the point is waiting or running. */
    boolean pointInUse(Scope scope, VaultName vault, Arn recoveryPoint);

    /** Jobs that have not ended, by wire state, for the metrics. */
    Map<String, Long> openByState();
}
