package dev.coffer.core.catalog;

import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import java.time.Instant;

/** Changes copy jobs; as {@link BackupJobTable}. */
public interface CopyJobTable extends CopyJobRows {
    void insert(CopyJob job);

    void update(CopyJob job);

    boolean leaseHolds(JobId id, Lease lease);

    boolean renew(JobId id, Lease lease, Progress progress);

    int deleteEndedBefore(Instant moment, int limit);
}
