package dev.coffer.engine.recoverypoint;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.Indexing;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.source.Inventory;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of search indexes. */
public final class IndexService {
    private static final List<String> STATUSES =
            List.of(IndexState.PENDING, IndexState.ACTIVE, IndexState.FAILED, IndexState.DELETING);

    private final Catalog catalog;
    private final Inventory inventory;
    private final Gate gate;
    private final InstantSource clock;
    private final PointIndexes indexes;
    private final Runnable wakeRunner;

    /**
     * The use cases.
     *
     * @param wakeRunner tells the runner of this process that there is something new to do
     */
    public IndexService(
            Catalog catalog,
            Inventory inventory,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            Runnable wakeRunner) {
        this.catalog = catalog;
        this.inventory = inventory;
        this.gate = gate;
        this.clock = clock;
        this.indexes = new PointIndexes(ids);
        this.wakeRunner = wakeRunner;
    }

    /**
     * A point as its setting was changed.
     *
     * @param index as it is now; empty if it has none
     */
    public record Setting(RecoveryPoint point, Optional<IndexJob> index) {}

    /**
     * Enables the index of a point, which is PENDING when this returns and is made soon after, or disables it: then it is DELETING, and gone soon after. A repeat while it is so changes nothing.
     *
     * @param roleArn noted with the index; the point's own if absent
     * @throws Refused INVALID_PARAMETER_VALUE for a setting that is none and for a role that cannot be assumed; RESOURCE_NOT_FOUND; INVALID_REQUEST to enable it for a point of a type without indexes, that is not COMPLETED or
     *     AVAILABLE, or in cold storage, and while it is ACTIVE or DELETING
     */
    public Setting update(Caller caller, String vault, String arn, String setting, Optional<String> roleArn) {
        var pointArn = Arn.parse("RecoveryPointArn", arn);
        gate.check(
                caller, "backup:UpdateRecoveryPointIndexSettings", pointArn, Facts.NONE.with("backup:Index", setting));
        boolean wanted = Indexing.isWanted(setting);
        var role = roleArn.map(Roles::parse);
        role.ifPresent(given -> gate.checkPassRole(caller, given));
        var now = clock.instant();
        var changed = catalog.write(tx -> {
            var point = RecoveryPointService.existing(tx, caller, vault, pointArn);
            return new Setting(point, wanted ? Optional.of(enable(tx, point, role, now)) : disable(tx, point, now));
        });
        wakeRunner.run();
        return changed;
    }

    private IndexJob enable(Transaction tx, RecoveryPoint point, Optional<Arn> role, Instant now) {
        refuse(Indexing.objectionTo(point));
        if (inventory
                .connector(point.resourceType())
                .flatMap(ResourceConnector::search)
                .isEmpty()) {
            throw new Refused(Indexing.unsupported(point.resourceType()));
        }
        refuse(role.flatMap(given -> Roles.objection(tx.access(), point.scope().account(), given)));
        var present = tx.indexJobs().find(point.scope(), point.vault(), point.arn());
        refuse(present.flatMap(IndexJob::objectionToAnother));
        return present.filter(index -> !(index.state() instanceof IndexState.Failed))
                .orElseGet(() -> indexes.begin(tx, point, role.orElse(point.role()), now));
    }

    private static Optional<IndexJob> disable(Transaction tx, RecoveryPoint point, Instant now) {
        return tx.indexJobs()
                .find(point.scope(), point.vault(), point.arn())
                .map(index -> PointIndexes.drop(tx, index, now));
    }

    private static void refuse(Optional<Problem> objection) {
        objection.ifPresent(problem -> {
            throw new Refused(problem);
        });
    }

    /**
     * Shows the index of a point.
     *
     * @throws Refused RESOURCE_NOT_FOUND, also for a point without an index
     */
    public IndexJob details(Caller caller, String vault, String arn) {
        var pointArn = Arn.parse("RecoveryPointArn", arn);
        gate.check(caller, "backup:GetRecoveryPointIndexDetails", pointArn);
        return catalog.read(view -> {
            var point = RecoveryPointService.existing(view, caller, vault, pointArn);
            return view.indexJobs()
                    .find(point.scope(), point.vault(), point.arn())
                    .orElseThrow(() -> new Refused(Problem.notFound("The recovery point " + pointArn
                            + " has no index. Enable it with UpdateRecoveryPointIndexSettings.")));
        });
    }

    /**
     * The points that have an index of any status, the newest first.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for a status that is none
     */
    public Page<IndexJob> list(Caller caller, IndexJobRows.Filter filter, PageRequest page) {
        gate.check(
                caller,
                "backup:ListIndexedRecoveryPoints",
                new Arn(
                        "aws",
                        "backup",
                        caller.region().value(),
                        caller.account().value(),
                        "*"));
        filter.status().filter(status -> !STATUSES.contains(status)).ifPresent(status -> {
            throw new Refused(Problem.invalid("IndexStatus " + status + " is not known. Use one of " + STATUSES + "."));
        });
        return catalog.read(view -> view.indexJobs().list(caller.scope(), filter, page));
    }
}
