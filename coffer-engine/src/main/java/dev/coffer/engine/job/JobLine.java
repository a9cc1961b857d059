package dev.coffer.engine.job;

import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.job.Job;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.source.Inventory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The jobs of one kind, as the dispatcher drives them. */
interface JobLine<J extends Job> {
    /** How many jobs are looked at in one step. */
    int SEEN_AT_ONCE = 1000;

    /** A job that this process holds now. */
    record Claim<J extends Job>(J job, Lease lease, Instant at) {}

    JobObserver.Kind kind();

    /** How many of the type may run at once in this process. */
    int places(ResourceType type);

    /** What can be claimed, the oldest first. Jobs that are known to wait for another one are left out, so that their waiting costs no transactions. */
    List<J> due(View view, Instant now);

    /** Takes the job into this process's hands, if it can be taken as it is now. */
    Optional<Claim<J>> claim(Transaction tx, J seen);

    /** Works on a claimed job until it ends, waits, or is recalled. */
    void run(J job, Stint stint);

    /** Stores progress and extends the lease; false if the job is not held under it any more. */
    boolean renew(Transaction tx, JobId id, Lease longer, Progress progress);

    /** Recalls a running job if there is a reason to. */
    default void watch(J job, Stint stint) {}

    /** How many jobs of the type its connector lets run at once. */
    static int ofConnector(Inventory inventory, ResourceType type) {
        return inventory
                .connector(type)
                .map(ResourceConnector::spec)
                .map(ConnectorSpec::jobsAtOnce)
                .orElse(1);
    }
}
