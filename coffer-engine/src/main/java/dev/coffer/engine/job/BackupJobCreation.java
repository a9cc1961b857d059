package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Progress;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.recoverypoint.PointArns;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Creates backup jobs inside the transaction of whoever wants one: a request, or a run of a plan. */
public final class BackupJobCreation {
    /**
     * What a job is to do.
     *
     * @param startBy the end of the start window
     * @param completeBy the end of the completion window, see {@link BackupJob}
     */
    public record Wanted(
            Scope scope,
            VaultName vault,
            Arn resource,
            ResourceType type,
            String resourceName,
            Arn role,
            Lifecycle lifecycle,
            Map<String, String> options,
            Tags pointTags,
            Optional<CreatedBy> createdBy,
            Instant startBy,
            Instant completeBy) {
        public Wanted {
            options = Map.copyOf(options);
        }
    }

    private final Supplier<UUID> ids;
    private final Events events;

    public BackupJobCreation(Supplier<UUID> ids) {
        this.ids = ids;
        this.events = new Events(ids);
    }

    /** Adds the job, which may start at once, and tells of it. */
    public BackupJob create(Transaction tx, JobId id, Wanted wanted, Instant now) {
        var job = new BackupJob(
                id,
                wanted.scope(),
                wanted.vault(),
                wanted.resource(),
                wanted.type(),
                wanted.resourceName(),
                wanted.role(),
                PointArns.name(wanted.scope(), wanted.type(), wanted.resource(), id.value(), ids.get(), now),
                wanted.lifecycle(),
                wanted.options(),
                wanted.pointTags(),
                wanted.createdBy(),
                now,
                wanted.startBy(),
                wanted.completeBy(),
                Optional.empty(),
                0,
                Progress.NONE,
                new BackupState.Created(now, Optional.empty()));
        tx.backupJobs().insert(job);
        events.backupJob(job, now).ifPresent(tx::emit);
        return job;
    }
}
