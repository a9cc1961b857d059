package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.SessionId;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.recoverypoint.PointDeletion;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recovery point of a job that has not completed. When the job ends without it, no recovery point remains (AWS Backup developer guide). */
final class UnfinishedPoint {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedPoint.class);

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
     * A copy while it is being made.
     *
     * @param createdAt what it shows as its creation
     * @param originalVault the vault for which its resource was backed up
     */
    static RecoveryPoint of(CopyJob job, Instant createdAt, Arn originalVault, Instant startedAt) {
        return new RecoveryPoint(
                job.destination().scope(),
                job.destination().name(),
                job.copy(),
                session(job).value(),
                job.resource(),
                job.resourceType(),
                job.resourceName(),
                role(job),
                RecoveryPointStatus.CREATING,
                createdAt,
                Optional.of(startedAt),
                Optional.empty(),
                0,
                0,
                job.lifecycle(),
                Optional.empty(),
                job.createdBy(),
                StorageClass.WARM,
                Optional.of(originalVault));
    }

    /** The role that the copy is kept under: the job's, in another account the one that the service has there. */
    static Arn role(CopyJob job) {
        return job.acrossAccounts() ? Roles.ofService(job.destination().scope().account()) : job.role();
    }

    /** The repository session of a copy job, in the destination. */
    static SessionId session(CopyJob job) {
        return new SessionId(job.id().value());
    }

    /**
     * Takes the point of an ended job away: at once if its manifest cannot have been stored, else by marking it as DELETING, so that the manifest goes first and a crash in between leaves the mark.
     *
     * @return the point that is marked now
     */
    static Optional<RecoveryPoint> drop(Transaction tx, BackupJob ended, boolean mayBeStored) {
        return drop(tx, of(ended), mayBeStored);
    }

    /** The same for the unfinished point of any job. */
    static Optional<RecoveryPoint> drop(Transaction tx, RecoveryPoint point, boolean mayBeStored) {
        if (mayBeStored && tx.vaults().find(point.scope(), point.vault()).isPresent()) {
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

    /** Deletes a marked point now; if that fails, the mark stays and the deletion comes later. */
    static void forget(PointDeletion deletion, RecoveryPoint marked) {
        try {
            deletion.finish(marked);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .setCause(failure)
                    .addKeyValue("recoveryPoint", marked.arn())
                    .log("the point of an ended job could not be forgotten; it will be tried again");
        }
    }
}
