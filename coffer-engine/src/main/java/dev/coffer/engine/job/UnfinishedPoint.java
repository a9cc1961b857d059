package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.SessionId;
import java.util.Optional;

/** The recovery point of a job that has not completed. When the job ends without it, no recovery point remains (AWS Backup developer guide). */
final class UnfinishedPoint {
    private UnfinishedPoint() {}

    /** The point while it is being made. */
    static RecoveryPoint of(BackupJob job) {
        return new RecoveryPoint(
                job.scope(),
                job.vault(),
                job.recoveryPoint(),
                session(job).value(),
                job.resource(),
                job.resourceType(),
                job.resourceName(),
                job.role(),
                RecoveryPointStatus.CREATING,
                job.createdAt(),
                job.initiatedAt(),
                Optional.empty(),
                0,
                0,
                job.lifecycle(),
                Optional.empty(),
                job.createdBy());
    }

    /** The repository session of a job: always the same, so that a repeat after a crash finds what was stored. */
    static SessionId session(BackupJob job) {
        return new SessionId(job.id().value());
    }

    /**
     * Takes the point of an ended job away: at once if its manifest cannot have been stored, else by marking it as DELETING, so that the manifest goes first and a crash in between leaves the mark.
     *
     * @return the point that is marked now
     */
    static Optional<RecoveryPoint> drop(Transaction tx, BackupJob ended, boolean mayBeStored) {
        var point = of(ended);
        if (mayBeStored && tx.vaults().find(ended.scope(), ended.vault()).isPresent()) {
            var marked = point.withStatus(RecoveryPointStatus.DELETING);
            tx.recoveryPoints().put(marked);
            return Optional.of(marked);
        }
        tx.recoveryPoints().delete(point);
        return Optional.empty();
    }

    /** The same for a job that was waiting: a row that was left while it waits says that the manifest may be stored. */
    static Optional<RecoveryPoint> dropOfWaiting(Transaction tx, BackupJob ended) {
        boolean left = tx.recoveryPoints()
                .find(ended.scope(), ended.vault(), ended.recoveryPoint())
                .isPresent();
        return left ? drop(tx, ended, true) : Optional.empty();
    }
}
