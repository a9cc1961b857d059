package dev.coffer.engine.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.Indexing;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of backup jobs. */
public final class BackupJobService {
    private static final long START_MINUTES = 480;
    private static final long START_MINUTES_AT_LEAST = 60;
    private static final long COMPLETE_MINUTES = 10_080;
    private static final long MINUTES_AT_MOST = 52_560_000;
    private static final String OPERATION = "StartBackupJob";
    private static final List<String> STATES = List.of(
            "CREATED", "PENDING", "RUNNING", "ABORTING", "ABORTED", "COMPLETED", "FAILED", "EXPIRED", "PARTIAL");

    private final Catalog catalog;
    private final Inventory inventory;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Limits limits;
    private final Runnable wakeRunner;
    private final JobObserver observer;
    private final Events events;
    private final BackupJobCreation creation;

    /**
     * The use cases.
     *
     * @param wakeRunner tells the runner of this process that there is something new to do
     * @param observer is told of jobs that are stopped before they began
     */
    public BackupJobService(
            Catalog catalog,
            Inventory inventory,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            Runnable wakeRunner,
            JobObserver observer) {
        this.catalog = catalog;
        this.inventory = inventory;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
        this.wakeRunner = wakeRunner;
        this.observer = observer;
        this.events = new Events(ids);
        this.creation = new BackupJobCreation(ids);
    }

    /** The same for a process that counts no jobs which were stopped before they began. */
    public BackupJobService(
            Catalog catalog,
            Inventory inventory,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            Runnable wakeRunner) {
        this(catalog, inventory, gate, clock, ids, limits, wakeRunner, (_, _, _, _, _) -> {});
    }

    /**
     * Creates a job; it is durable when this returns, and runs soon after. A repeat with the same token returns the first one's job as it is now.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for values that cannot be and for a role that cannot be assumed; RESOURCE_NOT_FOUND for an unknown vault or resource; INVALID_REQUEST for a type that is not
     *     opted in; ACCESS_DENIED for things of other accounts
     */
    public BackupJob start(Caller caller, StartBackup request) {
        var scope = caller.scope();
        gate.check(caller, "backup:StartBackupJob", Arn.ofVault(scope, request.vaultName()));
        var vault = new VaultName(request.vaultName());
        var resource = Arn.parse("ResourceArn", request.resourceArn());
        gate.checkAccount(caller, Optional.of(resource.account()).filter(account -> !account.isEmpty()));
        var type = ResourceType.ofArn(resource)
                .orElseThrow(() -> new Refused(Problem.invalid("Unsupported resource type: " + resource)));
        var role = Roles.parse(request.roleArn());
        gate.checkPassRole(caller, role);
        long start = window(
                "StartWindowMinutes", request.startWindowMinutes().orElse(START_MINUTES), START_MINUTES_AT_LEAST);
        long complete =
                window("CompleteWindowMinutes", request.completeWindowMinutes().orElse(COMPLETE_MINUTES), 1);
        if (request.completeWindowMinutes().isPresent() && complete <= start) {
            throw new Refused(Problem.invalid("CompleteWindowMinutes (" + complete
                    + ") must be greater than StartWindowMinutes (" + start + ")."));
        }
        var lifecycle =
                request.lifecycle().map(wanted -> wanted.lifecycle(type)).orElse(Lifecycle.NONE);
        var tags = Tags.of(request.pointTags());
        if (tags.valueByKey().size() > limits.pointTags()) {
            throw new Refused(Problem.invalid("RecoveryPointTags has at most " + limits.pointTags() + " tags."));
        }
        boolean indexed = request.index().map(Indexing::isWanted).orElse(false);
        refuseOptions(request, type, indexed);
        inventory
                .connector(type)
                .map(connector -> connector.objectionToOptions(request.options()))
                .orElseGet(() -> ResourceConnector.noOptions(type, request.options()))
                .ifPresent(problem -> {
                    throw new Refused(problem);
                });
        var idempotency = new Idempotency(
                scope,
                OPERATION,
                request.idempotencyToken(),
                limits.tokens(),
                List.of(
                        vault,
                        resource,
                        role,
                        start,
                        complete,
                        lifecycle,
                        tags.valueByKey(),
                        new TreeMap<>(request.options()),
                        indexed));
        inventory.refreshFor(scope, resource);
        var job = catalog.write(tx -> {
            var now = clock.instant();
            var earlier =
                    idempotency.earlier(tx, now).flatMap(id -> tx.backupJobs().find(scope, new JobId(id)));
            if (earlier.isPresent()) {
                return earlier.get();
            }
            if (tx.vaults().find(scope, vault).isEmpty()) {
                throw new Refused(Problem.notFound("Backup vault " + vault + " was not found."));
            }
            var source = inventory
                    .find(tx, scope, resource)
                    .orElseThrow(
                            () -> new Refused(
                                    Problem.notFound(
                                            "The resource " + resource
                                                    + " was not found. Resources are those of the configuration, and those that restores have made.")));
            Roles.objection(tx.access(), scope.account(), role).ifPresent(problem -> {
                throw new Refused(problem);
            });
            if (!tx.settings().of(scope).optedIn(type)) {
                throw new Refused(Problem.invalidRequest("Resources of type " + type.wireName()
                        + " are not opted in for this Region. Opt in with UpdateRegionSettings."));
            }
            var id = JobId.ofBackup(ids.get());
            if (indexed) {
                tx.indexJobs().want(id);
            }
            var fresh = creation.create(
                    tx,
                    id,
                    new BackupJobCreation.Wanted(
                            scope,
                            vault,
                            resource,
                            type,
                            source.name(),
                            role,
                            lifecycle,
                            request.options(),
                            tags,
                            Optional.empty(),
                            now.plus(Duration.ofMinutes(start)),
                            now.plus(Duration.ofMinutes(complete))),
                    now);
            idempotency.keep(tx, id.value(), now);
            return fresh;
        });
        wakeRunner.run();
        return job;
    }

    private static long window(String name, long minutes, long atLeast) {
        if (minutes < atLeast || minutes > MINUTES_AT_MOST) {
            throw new Refused(Problem.invalid(
                    name + " must be " + atLeast + " to " + MINUTES_AT_MOST + " minutes, and is " + minutes + "."));
        }
        return minutes;
    }

    private static void refuseOptions(StartBackup request, ResourceType type, boolean indexed) {
        if (indexed && !type.indexable()) {
            throw new Refused(
                    Problem.invalid("Index cannot be enabled for resources of type " + type.wireName() + "."));
        }
        if (request.airGappedVaultArn().isPresent()) {
            throw new Refused(
                    Problem.invalid(
                            "LogicallyAirGappedBackupVaultArn names no logically air-gapped vault; there are none in this version."));
        }
    }

    /**
     * Shows a job.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public BackupJob describe(Caller caller, String id) {
        gate.check(caller, "backup:DescribeBackupJob", jobArn(caller, id));
        return catalog.read(view -> view.backupJobs().find(caller.scope(), new JobId(id)))
                .orElseThrow(() -> unknown(id));
    }

    /** Jobs of the last 30 days, the newest first. Another account's are not shown to anybody. */
    public Page<BackupJob> list(
            Caller caller, BackupJobRows.Filter filter, Optional<String> accountId, PageRequest page) {
        gate.check(caller, "backup:ListBackupJobs", jobArn(caller, "*"));
        gate.checkAccount(caller, accountId.filter(account -> !account.equals("*")));
        filter.state().filter(state -> !STATES.contains(state)).ifPresent(state -> {
            throw new Refused(Problem.invalid("State " + state + " is not known. Use one of " + STATES + "."));
        });
        var since = clock.instant().minus(limits.jobHistory());
        var recent = new BackupJobRows.Filter(
                filter.resource(),
                filter.state(),
                filter.vault(),
                filter.resourceType(),
                filter.createdBefore(),
                Optional.of(filter.createdAfter()
                        .filter(after -> after.isAfter(since))
                        .orElse(since)),
                filter.completedBefore(),
                filter.completedAfter(),
                filter.messageCategory());
        return catalog.read(view -> view.backupJobs().list(caller.scope(), recent, page));
    }

    /**
     * Asks a job to stop. One that has not begun is ABORTED when this returns; a running one is ABORTING, and ABORTED when its work has come back. A repeat while it is aborting changes nothing.
     *
     * @throws Refused RESOURCE_NOT_FOUND; INVALID_REQUEST for a job that has ended, or of a type that cannot be stopped
     */
    public void stop(Caller caller, String id) {
        gate.check(caller, "backup:StopBackupJob", jobArn(caller, id));
        var now = clock.instant();
        var aborted = catalog.write(tx -> {
            var job = tx.backupJobs().find(caller.scope(), new JobId(id)).orElseThrow(() -> unknown(id));
            if (!job.resourceType().stoppable()) {
                throw new Refused(Problem.invalidRequest(
                        "Backup jobs of type " + job.resourceType().wireName() + " cannot be stopped."));
            }
            return switch (job.state()) {
                case BackupState.Created created -> {
                    var stopped = job.in(created.stopped(now));
                    var marked = UnfinishedPoint.dropOfWaiting(tx, stopped);
                    put(tx, stopped, now);
                    marked.ifPresent(point -> tx.emit(events.recoveryPoint(point, now)));
                    yield Optional.of(stopped);
                }
                case BackupState.Pending pending -> {
                    put(tx, job.in(pending.stopAsked(now)), now);
                    yield Optional.<BackupJob>empty();
                }
                case BackupState.Running running -> {
                    put(tx, job.in(running.stopAsked()), now);
                    yield Optional.<BackupJob>empty();
                }
                case BackupState.Aborting _ -> Optional.<BackupJob>empty();
                case BackupState.Ended _ ->
                    throw new Refused(Problem.invalidRequest("Backup job " + id + " is already in a terminal state"));
            };
        });
        aborted.ifPresent(job -> observer.ended(
                JobObserver.Kind.BACKUP,
                job.state().wireName(),
                job.resourceType(),
                Duration.between(job.createdAt(), now),
                job.progress().doneBytes()));
        wakeRunner.run();
    }

    private void put(Transaction tx, BackupJob job, Instant now) {
        tx.backupJobs().update(job);
        if (job.state() instanceof BackupState.Ended) {
            tx.indexJobs().settle(job.id());
        }
        events.backupJob(job, now).ifPresent(tx::emit);
    }

    private static Refused unknown(String id) {
        return new Refused(Problem.notFound("Backup job " + id + " was not found."));
    }

    private static Arn jobArn(Caller caller, String id) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "backup-job:" + id);
    }
}
