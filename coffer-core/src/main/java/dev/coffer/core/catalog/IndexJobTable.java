package dev.coffer.core.catalog;

import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;

/** Changes indexes; as {@link BackupJobTable}. */
public interface IndexJobTable extends IndexJobRows {
    /** Adds the index of a point that has none. */
    void insert(IndexJob index);

    void update(IndexJob index);

    /** Removes the index; absent counts as done. */
    void delete(IndexJob index);

    boolean leaseHolds(JobId id, Lease lease);

    /** Extends the lease. Progress is not kept. */
    boolean renew(JobId id, Lease lease, Progress progress);

    /** Notes that the point that the backup job makes is to get an index. A repeat changes nothing. */
    void want(JobId backup);

    /** Removes the note; absent counts as done. */
    void settle(JobId backup);
}
