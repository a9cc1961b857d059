package dev.coffer.engine.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RestoreJobRows;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of restore jobs. */
public final class RestoreJobService {
    private static final String OPERATION = "StartRestoreJob";
    private static final List<String> STATUSES = List.of("PENDING", "RUNNING", "COMPLETED", "ABORTED", "FAILED");

    private final Catalog catalog;
    private final Inventory inventory;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Limits limits;
    private final Runnable wakeRunner;
    private final Events events;
    private final BackupJobCreation backups;

    /**
     * The use cases.
     *
     * @param wakeRunner tells the runner of this process that there is something new to do
     */
    public RestoreJobService(
            Catalog catalog,
            Inventory inventory,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            Runnable wakeRunner) {
        this.catalog = catalog;
        this.inventory = inventory;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
        this.wakeRunner = wakeRunner;
        this.events = new Events(ids);
        this.backups = new BackupJobCreation(ids);
    }

    /**
     * Creates a job; it is durable when this returns, and runs soon after. A repeat with the same token returns the first one's job while that has not ended.
     *
     * @throws Refused MISSING_PARAMETER_VALUE without a role; INVALID_PARAMETER_VALUE for metadata that cannot be, a role that cannot be assumed, or the token of a job that has ended;
     *     RESOURCE_NOT_FOUND for an unknown recovery point; INVALID_REQUEST for one that is being made or deleted; ACCESS_DENIED for another account's. A restore that changes its resource starts a
     *     backup before, and is refused as that is
     */
    public RestoreJob start(Caller caller, StartRestore request) {
        var scope = caller.scope();
        var pointArn = Arn.parse("RecoveryPointArn", request.recoveryPointArn());
        gate.check(caller, "backup:StartRestoreJob", pointArn);
        var role = Roles.parse(
                request.roleArn().orElseThrow(() -> new Refused(Problem.missing("IamRoleArn is missing."))));
        gate.checkPassRole(caller, role);
        var metadata = folded(request.metadata());
        var idempotency = new Idempotency(
                scope,
                OPERATION,
                request.idempotencyToken(),
                limits.tokens(),
                List.of(pointArn, role, metadata, request.resourceType(), request.copySourceTags()));
        var job = catalog.write(tx -> {
            var now = clock.instant();
            var earlier =
                    idempotency.earlier(tx, now).flatMap(id -> tx.restoreJobs().find(scope, new JobId(id)));
            if (earlier.isPresent()) {
                if (earlier.get().state() instanceof RestoreState.Ended) {
                    throw new Refused(
                            Problem.invalid("Restore job " + earlier.get().id() + " already finished"));
                }
                return earlier.get();
            }
            var point = restorable(tx, scope, pointArn, request.resourceType());
            var timeless = new TreeMap<>(metadata);
            var _ = RestoreMoment.take(tx, point, timeless, now);
            objection(point.resourceType(), timeless).ifPresent(problem -> {
                throw new Refused(problem);
            });
            Roles.objection(tx.access(), scope.account(), role).ifPresent(problem -> {
                throw new Refused(problem);
            });
            var fresh = new RestoreJob(
                    JobId.ofRestore(ids.get()),
                    scope,
                    point.vault(),
                    point.arn(),
                    point.createdAt(),
                    point.resource(),
                    point.resourceType(),
                    role,
                    request.metadata(),
                    request.copySourceTags(),
                    now,
                    0,
                    new Progress(0, point.logicalBytes(), 0),
                    new RestoreState.Pending(now));
            inventory
                    .connector(point.resourceType())
                    .flatMap(connector -> connector.safetyPoint(point.resource(), timeless))
                    .ifPresent(options ->
                            SafetyPoint.create(tx, backups, gate, inventory, caller, fresh, point, options, now));
            tx.restoreJobs().insert(fresh);
            idempotency.keep(tx, fresh.id().value(), now);
            tx.emit(events.restoreJobCreated(fresh, now));
            tx.emit(events.restoreJob(fresh, now));
            return fresh;
        });
        wakeRunner.run();
        return job;
    }

    private static RecoveryPoint restorable(Transaction tx, Scope scope, Arn arn, Optional<String> typeName) {
        var point = tx.recoveryPoints()
                .find(scope, arn)
                .orElseThrow(() -> new Refused(Problem.notFound("Recovery point " + arn + " was not found.")));
        if (!point.status().isRestorable()) {
            throw new Refused(Problem.invalidRequest("The recovery point " + arn + " is " + point.status()
                    + " and cannot be restored. Only a completed one can."));
        }
        typeName.ifPresent(name -> {
            var type = ResourceType.ofWireName(name)
                    .orElseThrow(() -> new Refused(Problem.invalid("Unsupported resource type: " + name)));
            if (type != point.resourceType()) {
                throw new Refused(Problem.invalid("ResourceType is " + name + ", and the recovery point is of type "
                        + point.resourceType().wireName() + "."));
            }
        });
        return point;
    }

    private Optional<Problem> objection(ResourceType type, Map<String, String> metadata) {
        long bytes = metadata.entrySet().stream()
                .mapToLong(entry -> utf8(entry.getKey()) + utf8(entry.getValue()))
                .sum();
        if (bytes > limits.restoreMetadataBytes()) {
            return Optional.of(Problem.invalid(
                    "Metadata has " + bytes + " bytes. It may have at most " + limits.restoreMetadataBytes() + "."));
        }
        return inventory
                .connector(type)
                .map(connector -> connector.objectionTo(metadata))
                .orElseGet(() -> Optional.of(Problem.invalidRequest(
                        "Recovery points of type " + type.wireName() + " cannot be restored by this installation.")));
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Metadata with its keys in lower case, as connectors expect it. Keys are compared without regard to case (AWS Backup). */
    static SortedMap<String, String> folded(Map<String, String> metadata) {
        var folded = new TreeMap<String, String>();
        metadata.forEach((key, value) -> {
            if (folded.put(key.toLowerCase(Locale.ROOT), value) != null) {
                throw new Refused(Problem.invalid("Metadata has the key " + key + " twice, in upper and lower case."));
            }
        });
        return folded;
    }

    /**
     * Shows a job.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public RestoreJob describe(Caller caller, String id) {
        gate.check(caller, "backup:DescribeRestoreJob", jobArn(caller, id));
        return find(caller, id);
    }

    /** The metadata that the job was started with, keys as they were given. */
    public Map<String, String> metadata(Caller caller, String id) {
        gate.check(caller, "backup:GetRestoreJobMetadata", jobArn(caller, id));
        return find(caller, id).metadata();
    }

    private RestoreJob find(Caller caller, String id) {
        return catalog.read(view -> view.restoreJobs().find(caller.scope(), new JobId(id)))
                .orElseThrow(() -> new Refused(Problem.notFound("Restore job " + id + " was not found.")));
    }

    /** Jobs of the last 30 days, the newest first. */
    public Page<RestoreJob> list(
            Caller caller, RestoreJobRows.Filter filter, Optional<String> accountId, PageRequest page) {
        gate.check(caller, "backup:ListRestoreJobs", jobArn(caller, "*"));
        gate.checkAccount(caller, accountId.filter(account -> !account.equals("*")));
        return listed(caller, filter, page);
    }

    /** Jobs of the last 30 days that restore a point of the resource, the newest first. */
    public Page<RestoreJob> listByResource(
            Caller caller,
            String resourceArn,
            Optional<String> status,
            Optional<Instant> pointCreatedBefore,
            Optional<Instant> pointCreatedAfter,
            PageRequest page) {
        var resource = Arn.parse("ResourceArn", resourceArn);
        gate.check(caller, "backup:ListRestoreJobsByProtectedResource", resource);
        return listed(
                caller,
                new RestoreJobRows.Filter(
                        status,
                        Optional.empty(),
                        Optional.of(resource),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        pointCreatedBefore,
                        pointCreatedAfter),
                page);
    }

    private Page<RestoreJob> listed(Caller caller, RestoreJobRows.Filter filter, PageRequest page) {
        filter.status().filter(status -> !STATUSES.contains(status)).ifPresent(status -> {
            throw new Refused(Problem.invalid("Status " + status + " is not known. Use one of " + STATUSES + "."));
        });
        var since = clock.instant().minus(limits.jobHistory());
        var recent = new RestoreJobRows.Filter(
                filter.status(),
                filter.resourceType(),
                filter.sourceResource(),
                filter.createdBefore(),
                Optional.of(filter.createdAfter()
                        .filter(after -> after.isAfter(since))
                        .orElse(since)),
                filter.completedBefore(),
                filter.completedAfter(),
                filter.pointCreatedBefore(),
                filter.pointCreatedAfter());
        return catalog.read(view -> view.restoreJobs().list(caller.scope(), recent, page));
    }

    private static Arn jobArn(Caller caller, String id) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "restore-job:" + id);
    }
}
