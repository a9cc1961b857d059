package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Progress;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.CopyAction;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.engine.recoverypoint.PointArns;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Creates copy jobs inside the transaction of whoever wants one: a request, or a backup job that a rule with copy actions made. */
final class CopyJobCreation {
    private final Supplier<UUID> ids;
    private final Events events;

    CopyJobCreation(Supplier<UUID> ids) {
        this.ids = ids;
        this.events = new Events(ids);
    }

    /**
     * Creates the copies that the rule of a completed backup job asks for, one for each action, by the version of the plan that made the job. In the transaction that completes it, so that none is lost and none comes twice.
     *
     * @param point what the job has made or brought up to date
     */
    void follow(Transaction tx, BackupJob backup, RecoveryPoint point, Instant now) {
        for (var action : actions(tx, backup)) {
            var destination = action.destination();
            var source = Optional.of(backup.id());
            Lifecycle lifecycle;
            try {
                lifecycle = lifecycle(action.lifecycle(), point);
            } catch (Refused impossible) {
                var job = create(
                        tx, point, destination, backup.role(), point.lifecycle(), backup.createdBy(), source, now);
                var failed =
                        job.in(new CopyState.Failed(now, impossible.problem().message()));
                tx.copyJobs().update(failed);
                tx.emit(events.copyJob(failed, now));
                continue;
            }
            create(tx, point, destination, backup.role(), lifecycle, backup.createdBy(), source, now);
        }
    }

    private static List<CopyAction> actions(Transaction tx, BackupJob backup) {
        return backup.createdBy()
                .flatMap(creator -> tx.plans()
                        .version(backup.scope(), creator.plan(), creator.planVersion())
                        .flatMap(plan -> plan.document().rule(creator.rule())))
                .map(BackupRule::copyActions)
                .orElse(List.of());
    }

    /**
     * The lifecycle of a copy of the point.
     *
     * @throws Refused if it breaks a rule
     */
    static Lifecycle lifecycle(Optional<Lifecycle> wanted, RecoveryPoint point) {
        return LifecycleRequest.forType(Lifecycle.ofCopy(wanted, point.lifecycle()), point.resourceType());
    }

    /** Adds the job, which may start at once, and tells of it. */
    CopyJob create(
            Transaction tx,
            RecoveryPoint point,
            VaultPlace destination,
            Arn role,
            Lifecycle lifecycle,
            Optional<CreatedBy> createdBy,
            Optional<JobId> backupJob,
            Instant now) {
        var id = JobId.ofCopy(ids.get());
        var job = new CopyJob(
                id,
                point.scope(),
                point.vault(),
                point.arn(),
                destination,
                PointArns.copy(destination.scope(), point.resourceType(), point.resource(), id.value(), ids.get(), now),
                point.resource(),
                point.resourceType(),
                point.resourceName(),
                role,
                lifecycle,
                createdBy,
                backupJob,
                now,
                0,
                new Progress(0, point.logicalBytes(), 0),
                new CopyState.Created(now, Optional.empty()));
        tx.copyJobs().insert(job);
        tx.emit(events.copyJob(job, now));
        return job;
    }
}
