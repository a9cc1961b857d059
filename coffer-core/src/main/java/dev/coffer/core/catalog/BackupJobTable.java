package dev.coffer.core.catalog;

import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import java.time.Instant;
import java.time.LocalDate;

/** Changes backup jobs. */
public interface BackupJobTable extends BackupJobRows {
    void insert(BackupJob job);

    /** Replaces the job with this id. Callers that hold a lease check it first, in the same transaction, with {@link #leaseHolds}. */
    void update(BackupJob job);

    /** Whether the job is still held under this lease's epoch. */
    boolean leaseHolds(JobId id, Lease lease);

    /** Stores progress and extends the lease; false, and no change, if the job is no longer held under its epoch. */
    boolean renew(JobId id, Lease lease, Progress progress);

    /** The next fencing epoch: greater than every one before. */
    long nextEpoch();

    /** Removes at most so many jobs that ended before the moment, the first to end first; how many there were. {@link #counts} still counts them. */
    int deleteEndedBefore(Instant moment, int limit);

    /** Forgets the counts of ended jobs of every kind and scope that were created before the day. */
    int forgetCountsBefore(LocalDate day);
}
