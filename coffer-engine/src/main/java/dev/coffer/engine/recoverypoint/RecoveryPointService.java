package dev.coffer.engine.recoverypoint;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.continuous.Window;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The use cases of recovery points. */
public final class RecoveryPointService {
    /**
     * The conditions of a list in a vault; all of them hold.
     *
     * @param resourceArn as the request gives it
     * @param resourceType a wire name, as the request gives it
     * @param plan the id of the plan that made the points
     */
    public record VaultFilter(
            Optional<String> resourceArn,
            Optional<String> resourceType,
            Optional<Instant> createdBefore,
            Optional<Instant> createdAfter,
            Optional<String> plan) {
        /** No conditions. */
        public static VaultFilter none() {
            return new VaultFilter(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * A point with the vault that holds it.
     *
     * @param statusMessage why it is in its status, where that is to be told
     * @param index its search index, if it has one
     */
    public record PointView(
            RecoveryPoint point, Vault vault, Optional<String> statusMessage, Optional<IndexJob> index) {
        static PointView of(View view, RecoveryPoint point, Vault vault, Instant now) {
            return of(view, point, vault, indexes(view, List.of(point)), now);
        }

        private static PointView of(
                View view, RecoveryPoint point, Vault vault, Map<Arn, IndexJob> indexByPoint, Instant now) {
            return new PointView(
                    point,
                    vault,
                    switch (point.status()) {
                        case EXPIRED -> view.recoveryPoints().statusMessage(point);
                        case AVAILABLE, STOPPED -> ContinuousText.of(view, point, now);
                        case CREATING, COMPLETED, DELETING -> Optional.empty();
                    },
                    Optional.ofNullable(indexByPoint.get(point.arn())));
        }

        /** A page of points; their indexes are looked up together. */
        static Page<PointView> page(
                View view, Page<RecoveryPoint> page, Function<VaultName, Vault> vaultOf, Instant now) {
            var indexByPoint = indexes(view, page.rows());
            return page.map(point -> of(view, point, vaultOf.apply(point.vault()), indexByPoint, now));
        }

        private static Map<Arn, IndexJob> indexes(View view, List<RecoveryPoint> points) {
            return view.indexJobs()
                    .ofPoints(points.stream()
                            .filter(point -> point.resourceType().indexable())
                            .toList());
        }
    }

    /** The settings of the resource at backup time, by the names of restore metadata. */
    public record RestoreMetadata(PointView point, Map<String, String> metadata) {
        /** Shows names alone: values may be confidential. */
        @Override
        public String toString() {
            return "RestoreMetadata[" + point.point().arn() + " with " + metadata.keySet() + "]";
        }
    }

    private static final String RESTORE_TIME = "RestoreTime";

    private final Catalog catalog;
    private final Repositories repositories;
    private final Gate gate;
    private final InstantSource clock;
    private final DeletionLoop deletion;
    private final Protections protections;
    private final Events events;
    private final SeriesStops stops;

    public RecoveryPointService(
            Catalog catalog,
            Repositories repositories,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            DeletionLoop deletion,
            Protections protections) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.gate = gate;
        this.clock = clock;
        this.deletion = deletion;
        this.protections = protections;
        this.events = new Events(ids);
        this.stops = new SeriesStops(events);
    }

    /**
     * Shows a point.
     *
     * @throws Refused ACCESS_DENIED for an unknown vault, RESOURCE_NOT_FOUND for an unknown point
     */
    public PointView describe(Caller caller, String vault, String arn, Optional<String> accountId) {
        gate.checkAccount(caller, accountId);
        var point = checked(caller, "backup:DescribeRecoveryPoint", arn);
        return catalog.read(view -> shown(view, caller, vault, point));
    }

    /**
     * The points of a vault, the newest first.
     *
     * @throws Refused ACCESS_DENIED for an unknown vault, INVALID_PARAMETER_VALUE for an ARN or a type of no resource
     */
    public Page<PointView> listByVault(
            Caller caller, String vault, Optional<String> accountId, VaultFilter filter, PageRequest page) {
        gate.checkAccount(caller, accountId);
        gate.check(caller, "backup:ListRecoveryPointsByBackupVault", Arn.ofVault(caller.scope(), vault));
        var resource = filter.resourceArn().map(RecoveryPointService::resourceArn);
        var type = filter.resourceType().map(RecoveryPointService::resourceType);
        return catalog.read(view -> {
            var found = visibleVault(view, caller, vault);
            var points = view.recoveryPoints()
                    .list(
                            caller.scope(),
                            new RecoveryPointRows.Filter(
                                    Optional.of(found.name()),
                                    resource,
                                    type,
                                    filter.createdBefore(),
                                    filter.createdAfter(),
                                    filter.plan().map(PlanId::new)),
                            page);
            return PointView.page(view, points, _ -> found, clock.instant());
        });
    }

    /** The points of a resource in all vaults, the newest first; none for a resource that is not known. */
    public Page<PointView> listByResource(Caller caller, String resourceArn, PageRequest page) {
        var resource = Arn.parse("resourceArn", resourceArn);
        gate.check(caller, "backup:ListRecoveryPointsByResource", resource);
        return catalog.read(view -> {
            var vaultByName = new HashMap<VaultName, Vault>();
            return PointView.page(
                    view,
                    view.recoveryPoints().list(caller.scope(), RecoveryPointRows.Filter.ofResource(resource), page),
                    name -> vaultByName.computeIfAbsent(
                            name,
                            asked -> view.vaults().find(caller.scope(), asked).orElseThrow()),
                    clock.instant());
        });
    }

    /**
     * Marks a point for deletion; it can no longer be restored when this returns, and is gone soon after.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_RESOURCE_STATE while it is being made, copied or deleted; INVALID_REQUEST while a restore uses it, in a locked vault, under a legal hold, and while the vault clock is suspect
     */
    public void delete(Caller caller, String vault, String arn) {
        var pointArn = checked(caller, "backup:DeleteRecoveryPoint", arn);
        var now = clock.instant();
        catalog.<Boolean>write(tx -> {
            var point = existing(tx, caller, vault, pointArn);
            mustBeSettled(point, Problem.Kind.INVALID_RESOURCE_STATE);
            refuse(protections.of(tx, point).objectsToDeletion(point));
            if (tx.restoreJobs().pointInUse(caller.scope(), point.arn())) {
                throw busy(Problem.Kind.INVALID_REQUEST, point, "is being restored;");
            }
            if (tx.copyJobs().pointInUse(caller.scope(), point.vault(), point.arn())) {
                throw busy(Problem.Kind.INVALID_RESOURCE_STATE, point, "is being copied;");
            }
            series(tx, point).ifPresent(series -> stops.end(tx, series, "The recovery point was deleted.", now));
            var marked = point.withStatus(RecoveryPointStatus.DELETING);
            tx.recoveryPoints().put(marked);
            PointIndexes.drop(tx, marked, now);
            tx.emit(events.recoveryPoint(marked, now));
            return true;
        });
        deletion.wake();
    }

    private static void mustBeSettled(RecoveryPoint point, Problem.Kind whileBusy) {
        switch (point.status()) {
            case CREATING -> throw busy(whileBusy, point, "is being created. Stop its backup job, or");
            case DELETING -> throw busy(whileBusy, point, "is being deleted already;");
            case COMPLETED, AVAILABLE, STOPPED, EXPIRED -> {}
        }
    }

    private static void refuse(Optional<Problem> objection) {
        objection.ifPresent(problem -> {
            throw new Refused(problem);
        });
    }

    /**
     * Cuts a continuous backup off from its source: it is STOPPED when this returns, keeps what was recorded, and expires by its retention. A repeat changes nothing.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_RESOURCE_STATE while it is being made or deleted; INVALID_REQUEST for a snapshot and in a locked vault
     */
    public void disassociate(Caller caller, String vault, String arn) {
        var pointArn = checked(caller, "backup:DisassociateRecoveryPoint", arn);
        catalog.<Boolean>write(tx -> {
            var point = existing(tx, caller, vault, pointArn);
            mustBeSettled(point, Problem.Kind.INVALID_RESOURCE_STATE);
            refuse(protections.of(tx, point).objectsToDisassociation(point));
            var series = series(tx, point)
                    .orElseThrow(() -> new Refused(Problem.invalidRequest("The recovery point " + point.arn()
                            + " is a snapshot. Only continuous backups can be disassociated.")));
            if (!(series.standing() instanceof Standing.Over)) {
                stops.end(tx, series, "The recovery point was disassociated from its resource.", clock.instant());
            }
            return true;
        });
    }

    private static Optional<Series> series(View view, RecoveryPoint point) {
        return view.continuous().find(point.scope(), point.vault(), point.arn());
    }

    /**
     * Takes a point out of the composite that it is part of. There are none in this version, so this refuses every point.
     *
     * @throws Refused RESOURCE_NOT_FOUND; else INVALID_REQUEST, also while it is being made or deleted
     */
    public void disassociateFromParent(Caller caller, String vault, String arn) {
        refuseDisassociation(
                caller,
                "backup:DisassociateRecoveryPointFromParent",
                vault,
                arn,
                // The operation does not declare InvalidResourceStateException.
                Problem.Kind.INVALID_REQUEST,
                "has no parent recovery point.");
    }

    private void refuseDisassociation(
            Caller caller, String action, String vault, String arn, Problem.Kind whileBusy, String why) {
        var pointArn = checked(caller, action, arn);
        catalog.<Boolean>read(view -> {
            var point = existing(view, caller, vault, pointArn);
            mustBeSettled(point, whileBusy);
            refuse(protections.of(view, point).objectsToDisassociation(point));
            throw new Refused(Problem.invalidRequest("The recovery point " + point.arn() + " " + why));
        });
    }

    private static Refused busy(Problem.Kind kind, RecoveryPoint point, String why) {
        return new Refused(
                Problem.of(kind, "The recovery point " + point.arn() + " " + why + " wait until that has ended."));
    }

    /**
     * Replaces the lifecycle of a point. A value that is left out becomes unset; -1 and -1 keep the point for ever.
     *
     * @throws Refused MISSING_PARAMETER_VALUE without a lifecycle; INVALID_PARAMETER_VALUE for days that break a rule; RESOURCE_NOT_FOUND; INVALID_REQUEST while the point is being made or deleted, in a locked vault,
     *     for a shorter retention under a legal hold, and for other days to cold storage when it is there
     */
    public PointView updateLifecycle(Caller caller, String vault, String arn, Optional<LifecycleRequest> lifecycle)
            throws InterruptedException {
        var pointArn = checked(caller, "backup:UpdateRecoveryPointLifecycle", arn);
        var request = lifecycle.orElseThrow(() -> new Refused(Problem.missing("Lifecycle is missing.")));
        var now = clock.instant();
        var asked = catalog.read(view -> changeable(view, caller, vault, pointArn, request, now));
        // The vault first: what it holds is what a locked vault and a rebuilt catalog go by.
        record(asked);
        return catalog.write(tx -> {
            var changed = changeable(tx, caller, vault, pointArn, request, now).point();
            tx.recoveryPoints().put(changed);
            tx.emit(events.recoveryPointChange(changed, now));
            return PointView.of(
                    tx,
                    changed,
                    tx.vaults().find(caller.scope(), changed.vault()).orElseThrow(),
                    now);
        });
    }

    /** A point with the lifecycle that it is to have. */
    private record Changed(Vault vault, RecoveryPoint point) {}

    private Changed changeable(View view, Caller caller, String vault, Arn arn, LifecycleRequest request, Instant now) {
        var point = existing(view, caller, vault, arn);
        var wanted = request.lifecycle(point.resourceType());
        if (series(view, point).isPresent()) {
            throw new Refused(Problem.invalidRequest("The recovery point " + point.arn()
                    + " is a continuous backup. Its retention is that of its backup rule and cannot be changed here."));
        }
        if (point.status() != RecoveryPointStatus.COMPLETED) {
            throw busy(Problem.Kind.INVALID_REQUEST, point, "is " + point.status() + ";");
        }
        refuse(protections.of(view, point).objectsToLifecycle(point, wanted));
        refuse(coldObjection(point, wanted, now));
        return new Changed(
                view.vaults().find(caller.scope(), point.vault()).orElseThrow(), point.withLifecycle(wanted));
    }

    /** Records the lifecycle in the vault, unless the vault itself is locked. */
    private void record(Changed changed) throws InterruptedException {
        var vault = changed.vault();
        try {
            var facts =
                    repositories.open(vault.scope(), vault.name(), vault.id()).facts();
            refuse(facts.lock().flatMap(fact -> fact.lock().objectsToChanges(vault.name())));
            facts.put(
                    new SessionId(changed.point().sessionId()), changed.point().lifecycle());
        } catch (RepositoryException | StoreException failure) {
            var refused = new Refused(Problem.of(
                    Problem.Kind.SERVICE_UNAVAILABLE,
                    "The lifecycle cannot be recorded in the vault: " + failure.getMessage()));
            refused.initCause(failure);
            throw refused;
        }
    }

    /**
     * A point cannot be moved to cold storage in the past: the earliest day is the one after its age. Days that stay as they are may stay; of a point in cold storage they have to, so that what counts its 90 days there remains.
     */
    static Optional<Problem> coldObjection(RecoveryPoint point, Lifecycle wanted, Instant now) {
        if (wanted.coldAfterDays().equals(point.lifecycle().coldAfterDays())) {
            return Optional.empty();
        }
        if (point.storage() == StorageClass.COLD) {
            return Optional.of(Problem.invalidRequest("The recovery point " + point.arn()
                    + " is in cold storage, so MoveToColdStorageAfterDays can no longer be changed. Send "
                    + point.lifecycle().coldAfterDays().orElse(-1) + "."));
        }
        if (wanted.coldAfterDays().isEmpty()) {
            return Optional.empty();
        }
        long earliest = Duration.between(point.createdAt(), now).toDays() + 1;
        if (wanted.coldAfterDays().getAsLong() >= earliest) {
            return Optional.empty();
        }
        return Optional.of(Problem.invalid("Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than "
                + earliest + " for this recovery point, which is its age in days plus one."));
    }

    /**
     * What the point's manifest says about the resource at backup time, read from the vault.
     *
     * @throws Refused as {@link #describe}; INVALID_REQUEST while the point is being made or deleted; SERVICE_UNAVAILABLE if the vault's storage cannot be read
     */
    public RestoreMetadata restoreMetadata(Caller caller, String vault, String arn, Optional<String> accountId)
            throws InterruptedException {
        gate.checkAccount(caller, accountId);
        var pointArn = checked(caller, "backup:GetRecoveryPointRestoreMetadata", arn);
        var shown = catalog.read(view -> shown(view, caller, vault, pointArn));
        if (!shown.point().status().isRestorable()) {
            throw busy(
                    Problem.Kind.INVALID_REQUEST,
                    shown.point(),
                    "is " + shown.point().status() + ";");
        }
        try (var reader = repositories
                .open(caller.scope(), shown.vault().name(), shown.vault().id())
                .open(newest(shown.point()))) {
            var metadata = new TreeMap<>(reader.manifest().point().restoreMetadata());
            latest(shown.point()).ifPresent(moment -> metadata.put(RESTORE_TIME, moment.toString()));
            return new RestoreMetadata(shown, metadata);
        } catch (RepositoryException | StoreException failure) {
            var refused = new Refused(Problem.of(
                    Problem.Kind.SERVICE_UNAVAILABLE,
                    "The recovery point cannot be read from its vault: " + failure.getMessage()));
            refused.initCause(failure);
            throw refused;
        }
    }

    /** The manifest that tells of the resource as it was last. */
    private SessionId newest(RecoveryPoint point) {
        return catalog.read(view -> series(view, point)
                .flatMap(series -> view.continuous().newest(series, 1).stream()
                        .findFirst()
                        .map(mark -> series.session(mark.number())))
                .orElseGet(() -> new SessionId(point.sessionId())));
    }

    /** The last moment that can be restored; empty for a snapshot. */
    private Optional<Instant> latest(RecoveryPoint point) {
        return catalog.read(view -> series(view, point)
                .flatMap(series -> view.continuous().outline(series).windows(series.oldest(clock.instant())).stream()
                        .reduce((_, last) -> last)
                        .map(Window::latest)));
    }

    private Arn checked(Caller caller, String action, String text) {
        var arn = Arn.parse("RecoveryPointArn", text);
        gate.check(caller, action, arn);
        return arn;
    }

    private PointView shown(View view, Caller caller, String vault, Arn arn) {
        var found = visibleVault(view, caller, vault);
        return view.recoveryPoints()
                .find(caller.scope(), found.name(), arn)
                .map(point -> PointView.of(view, point, found, clock.instant()))
                .orElseThrow(() -> unknown(arn));
    }

    private static Vault visibleVault(View view, Caller caller, String name) {
        return VaultName.parse(name)
                .flatMap(vaultName -> view.vaults().find(caller.scope(), vaultName))
                .orElseThrow(Gate::hidden);
    }

    static RecoveryPoint existing(View view, Caller caller, String vault, Arn arn) {
        var name = VaultName.parse(vault)
                .filter(vaultName ->
                        view.vaults().find(caller.scope(), vaultName).isPresent())
                .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + vault + " was not found.")));
        return view.recoveryPoints().find(caller.scope(), name, arn).orElseThrow(() -> unknown(arn));
    }

    private static Refused unknown(Arn arn) {
        return new Refused(Problem.notFound("Recovery point " + arn + " was not found in this backup vault."));
    }

    private static Arn resourceArn(String text) {
        var arn = Arn.parse("resourceArn", text);
        if (ResourceType.ofArn(arn).isEmpty()) {
            throw new Refused(Problem.invalid("Unsupported resource type: " + text));
        }
        return arn;
    }

    private static ResourceType resourceType(String name) {
        return ResourceType.ofWireName(name)
                .orElseThrow(() -> new Refused(Problem.invalid("Unsupported resource type: " + name)));
    }
}
