package dev.coffer.core.job;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;

/** What jobs of every kind have. */
public sealed interface Job permits BackupJob, CopyJob, IndexJob, RestoreJob {
    JobId id();

    Scope scope();

    /** Of the resource that it is about. */
    ResourceType resourceType();

    Instant createdAt();

    /** How often it was claimed. */
    int attempts();

    Progress progress();

    State state();

    /** When it reached its final state. */
    Optional<Instant> completedAt();

    /** What the states of every kind have. */
    interface State {
        /** The name on the wire. */
        String wireName();
    }
}
