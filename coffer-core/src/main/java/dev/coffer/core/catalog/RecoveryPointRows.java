package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads recovery points. Lists show the newest first. */
public interface RecoveryPointRows {
    /** The conditions of a list; all of them hold. */
    record Filter(
            Optional<VaultName> vault,
            Optional<Arn> resource,
            Optional<ResourceType> resourceType,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter,
            Optional<PlanId> plan) {
        public static Filter none() {
            return new Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public static Filter inVault(VaultName vault) {
            return new Filter(
                    Optional.of(vault),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        public static Filter ofResource(Arn resource) {
            return new Filter(
                    Optional.empty(),
                    Optional.of(resource),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    Optional<RecoveryPoint> find(Scope scope, VaultName vault, Arn arn);

    /** The point with the ARN, in whichever vault of the scope. */
    Optional<RecoveryPoint> find(Scope scope, Arn arn);

    Page<RecoveryPoint> list(Scope scope, Filter filter, PageRequest page);

    /** Points of every status in the vault. */
    long countIn(Scope scope, VaultName vault);

    /** The newest completed point of the resource in the vault: what an incremental capture is compared with. */
    Optional<RecoveryPoint> latestCompleted(Scope scope, VaultName vault, Arn resource);

    /** The newest or the oldest point of the resource in the scope, of any status. */
    Optional<RecoveryPoint> edge(Scope scope, Arn resource, boolean newest);

    /** What the vaults of the scope hold, by name; a vault that never held a point is left out. */
    List<VaultTotal> totals(Scope scope);

    /**
     * Points of all scopes in the status, the oldest first.
     *
     * @param after the last point of the rows before; they go on behind it
     */
    List<RecoveryPoint> inStatus(RecoveryPointStatus status, Optional<RecoveryPoint> after, int limit);

    /**
     * Points of all scopes, COMPLETED or EXPIRED, whose retention ends not after the moment and that no hold has, by that end.
     *
     * @param after the last point of the rows before; they go on behind it
     */
    List<RecoveryPoint> due(Instant moment, Optional<RecoveryPoint> after, int limit);

    /**
     * Points of all scopes, COMPLETED and warm, that are due for cold storage not after the moment and that no hold has, by when they are due.
     *
     * @param after the last point of the rows before; they go on behind it
     */
    List<RecoveryPoint> dueForCold(Instant moment, Optional<RecoveryPoint> after, int limit);

    /**
     * Completed points of the vault that its storage was not told to keep: never, or, of those that are kept for ever, not beyond the moment.
     */
    List<RecoveryPoint> unretained(Scope scope, VaultName vault, Instant beyond, int limit);

    /** Why the point is in its status; empty if nothing was said. */
    Optional<String> statusMessage(RecoveryPoint point);
}
