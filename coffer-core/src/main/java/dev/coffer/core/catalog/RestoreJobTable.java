package dev.coffer.core.catalog;

import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RestoreJob;
import java.time.Instant;

/** Changes restore jobs; as {@link BackupJobTable}. */
public interface RestoreJobTable extends RestoreJobRows {
    void insert(RestoreJob job);

    void update(RestoreJob job);

    boolean leaseHolds(JobId id, Lease lease);

    boolean renew(JobId id, Lease lease, Progress progress);

    int deleteEndedBefore(Instant moment, int limit);
}
