package dev.coffer.engine.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.VaultSharing;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.settings.Limits;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of copy jobs. A copy has no windows, and nothing stops it. */
public final class CopyJobService {
    private static final String OPERATION = "StartCopyJob";
    private static final List<String> STATES = List.of("CREATED", "RUNNING", "COMPLETED", "FAILED", "PARTIAL");

    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final Limits limits;
    private final Runnable wakeRunner;
    private final CopyJobCreation creation;

    /**
     * A job with what its destination is now. Of another account's vault nothing is told before it has taken the copy.
     *
     * @param encryptionKey of the destination; empty if it is gone
     * @param locked whether the destination is
     */
    public record CopyView(CopyJob job, Optional<Arn> encryptionKey, Optional<Boolean> locked) {
        static CopyView of(View view, CopyJob job) {
            var vault = CopyRules.destination(view, job)
                    .filter(_ -> !job.acrossAccounts() || job.state() instanceof CopyState.Completed);
            return new CopyView(
                    job,
                    vault.map(found -> found.encryptionKey().arn()),
                    vault.map(found -> view.locks().of(found).isLocked()));
        }
    }

    /**
     * The use cases.
     *
     * @param wakeRunner tells the runner of this process that there is something new to do
     */
    public CopyJobService(
            Catalog catalog, Gate gate, InstantSource clock, Supplier<UUID> ids, Limits limits, Runnable wakeRunner) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.limits = limits;
        this.wakeRunner = wakeRunner;
        this.creation = new CopyJobCreation(ids);
    }

    /**
     * Creates a job; it is durable when this returns, and runs soon after. A repeat with the same token returns the first one's job as it is now. What another account's vault says of the copy shows when the job runs.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for values that cannot be, a role that cannot be assumed, and a destination that is the source vault; RESOURCE_NOT_FOUND for an unknown vault or point; INVALID_REQUEST for a point that is
     *     not complete, is a continuous backup, or is in cold storage; ACCESS_DENIED
     */
    public CopyJob start(Caller caller, StartCopy request) {
        var scope = caller.scope();
        var pointArn = Arn.parse("RecoveryPointArn", request.recoveryPointArn());
        gate.check(caller, "backup:StartCopyJob", pointArn);
        var destination = VaultPlace.of(
                "DestinationBackupVaultArn", Arn.parse("DestinationBackupVaultArn", request.destinationVaultArn()));
        gate.checkNotForbidden(caller, CopyRules.COPY_FROM, pointArn, CopyRules.targets(gate, destination));
        gate.checkNotForbidden(caller, VaultSharing.ACTION, destination.arn(), Facts.NONE);
        var vault = new VaultName(request.sourceVaultName());
        var role = Roles.parse(request.roleArn());
        gate.checkPassRole(caller, role);
        var wanted = request.lifecycle().map(LifecycleRequest::lifecycle);
        if (destination.equals(new VaultPlace(scope, vault))) {
            throw new Refused(Problem.invalid(
                    "DestinationBackupVaultArn is the vault that the recovery point is in. Name another vault."));
        }
        var idempotency = new Idempotency(
                scope,
                OPERATION,
                request.idempotencyToken(),
                limits.tokens(),
                List.of(pointArn, vault, destination, role, wanted));
        var job = catalog.write(tx -> {
            var now = clock.instant();
            var earlier =
                    idempotency.earlier(tx, now).flatMap(id -> tx.copyJobs().find(scope, new JobId(id)));
            if (earlier.isPresent()) {
                return earlier.get();
            }
            var point = copyable(tx, new VaultPlace(scope, vault), pointArn);
            boolean own = destination.scope().account().equals(scope.account());
            if (own && tx.vaults().find(destination.scope(), destination.name()).isEmpty()) {
                throw unknownVault(destination.toString());
            }
            Roles.objection(tx.access(), scope.account(), role).ifPresent(problem -> {
                throw new Refused(problem);
            });
            var fresh = creation.create(
                    tx,
                    point,
                    destination,
                    role,
                    CopyJobCreation.lifecycle(wanted, point),
                    Optional.empty(),
                    Optional.empty(),
                    now);
            idempotency.keep(tx, fresh.id().value(), now);
            return fresh;
        });
        wakeRunner.run();
        return job;
    }

    private static RecoveryPoint copyable(View view, VaultPlace vault, Arn arn) {
        if (view.vaults().find(vault.scope(), vault.name()).isEmpty()) {
            throw unknownVault(vault.name().value());
        }
        var point = view.recoveryPoints()
                .find(vault.scope(), vault.name(), arn)
                .orElseThrow(() -> new Refused(
                        Problem.notFound("Recovery point " + arn + " was not found in this backup vault.")));
        if (view.continuous().find(vault.scope(), vault.name(), arn).isPresent()) {
            throw new Refused(Problem.invalidRequest("The recovery point " + arn
                    + " is a continuous backup, which cannot be copied on demand. Copy it by CopyActions of its backup"
                    + " rule."));
        }
        if (point.status() != RecoveryPointStatus.COMPLETED) {
            throw new Refused(Problem.invalidRequest("The recovery point " + arn + " is " + point.status()
                    + " and cannot be copied. Only a completed one can."));
        }
        if (point.storage() == StorageClass.COLD) {
            throw new Refused(Problem.invalidRequest(
                    "The recovery point " + arn + " is in cold storage, from where nothing can be copied."));
        }
        return point;
    }

    private static Refused unknownVault(String vault) {
        return new Refused(Problem.notFound("Backup vault " + vault + " was not found."));
    }

    /**
     * Shows a job.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public CopyView describe(Caller caller, String id) {
        gate.check(caller, "backup:DescribeCopyJob", jobArn(caller, id));
        return catalog.read(view ->
                        view.copyJobs().find(caller.scope(), new JobId(id)).map(job -> CopyView.of(view, job)))
                .orElseThrow(() -> new Refused(Problem.notFound("Copy job " + id + " was not found.")));
    }

    /** Jobs of the last 30 days, the newest first: those that copy points of the caller's account and Region. */
    public Page<CopyView> list(Caller caller, CopyJobRows.Filter filter, Optional<String> accountId, PageRequest page) {
        gate.check(caller, "backup:ListCopyJobs", jobArn(caller, "*"));
        gate.checkAccount(caller, accountId.filter(account -> !account.equals("*")));
        filter.state().filter(state -> !STATES.contains(state)).ifPresent(state -> {
            throw new Refused(Problem.invalid("State " + state + " is not known. Use one of " + STATES + "."));
        });
        var recent = filter.createdAfter(clock.instant().minus(limits.jobHistory()));
        return catalog.read(
                view -> view.copyJobs().list(caller.scope(), recent, page).map(job -> CopyView.of(view, job)));
    }

    private static Arn jobArn(Caller caller, String id) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "copy-job:" + id);
    }
}
