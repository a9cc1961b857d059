package dev.coffer.engine.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.tag.Tags;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.source.Inventory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The backup that goes before a restore which changes its resource itself. It is created with the restore job, in one transaction, and its id derives from the restore's, so that nothing has to be stored about it: the restore waits
 * for it, and ends if it has not completed.
 */
final class SafetyPoint {
    /** The tag of the safety point; its value is the id of the restore job. */
    static final String TAG = "coffer:safety-point-of";

    private static final Duration START = Duration.ofHours(8);
    private static final Duration COMPLETE = Duration.ofDays(7);

    private SafetyPoint() {}

    /**
     * Creates the job in the vault of the point that is restored, with the point's lifecycle: what the vault has taken once it takes again.
     *
     * @throws Refused ACCESS_DENIED to who may not start a backup; RESOURCE_NOT_FOUND if the resource is gone; INVALID_REQUEST for a type that is not opted in, and while another restore changes the resource
     */
    static void create(
            Transaction tx,
            BackupJobCreation creation,
            Gate gate,
            Inventory inventory,
            Caller caller,
            RestoreJob restore,
            RecoveryPoint point,
            Map<String, String> options,
            Instant now) {
        var scope = restore.scope();
        gate.check(
                tx,
                caller,
                "backup:StartBackupJob",
                Arn.ofVault(scope, restore.vault().value()),
                Facts.NONE);
        // Transactions that write come one after the other, also those of several nodes: two such restores never run at
        // once.
        tx.restoreJobs().open(scope, restore.sourceResource()).stream()
                .filter(open -> of(tx, open).isPresent())
                .findFirst()
                .ifPresent(open -> {
                    throw new Refused(Problem.invalidRequest("Restore job " + open.id() + " brings "
                            + restore.sourceResource()
                            + " back in place already, and two at once would undo each other."
                            + " Wait until it has ended."));
                });
        var source = inventory
                .find(tx, scope, restore.sourceResource())
                .orElseThrow(() -> new Refused(Problem.notFound("The resource " + restore.sourceResource()
                        + " was not found, so that it cannot be brought back in place. Restore into a new one.")));
        if (!tx.settings().of(scope).optedIn(restore.resourceType())) {
            throw new Refused(Problem.invalidRequest("Resources of type "
                    + restore.resourceType().wireName()
                    + " are not opted in for this Region, so that no safety point can be made of "
                    + restore.sourceResource() + ". Opt in with UpdateRegionSettings."));
        }
        creation.create(
                tx,
                JobId.ofSafetyPoint(restore.id()),
                new BackupJobCreation.Wanted(
                        scope,
                        restore.vault(),
                        restore.sourceResource(),
                        restore.resourceType(),
                        source.name(),
                        restore.role(),
                        point.lifecycle(),
                        options,
                        Tags.of(Map.of(TAG, restore.id().value())),
                        Optional.empty(),
                        now.plus(START),
                        now.plus(COMPLETE)),
                now);
    }

    /** The backup job of a restore that has one. */
    static Optional<BackupJob> of(View view, RestoreJob restore) {
        return view.backupJobs().find(restore.scope(), JobId.ofSafetyPoint(restore.id()));
    }

    /** Whether the restore has to wait. */
    static boolean underWay(View view, RestoreJob restore) {
        return of(view, restore)
                .filter(job -> !(job.state() instanceof BackupState.Ended))
                .isPresent();
    }

    /**
     * What the restore's user reads of the safety point.
     *
     * @throws SourceException if it was not made
     */
    static String told(Optional<BackupJob> backup) {
        var job = backup.orElseThrow(
                () -> new SourceException.Impossible("There is no safety point, so that nothing was changed."));
        if (!(job.state() instanceof BackupState.Completed)) {
            throw new SourceException.Impossible(
                    "The safety point was not made, so that nothing was changed: backup job "
                            + job.id() + " is " + job.state().wireName()
                            + job.statusMessage().map(message -> ": " + message).orElse("."));
        }
        return "What was there before is in the safety point " + job.recoveryPoint() + " (backup job " + job.id()
                + ").";
    }
}
