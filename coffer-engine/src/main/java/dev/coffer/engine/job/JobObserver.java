package dev.coffer.engine.job;

import dev.coffer.core.resource.ResourceType;
import java.time.Duration;

/** Is told when jobs start and end, for the metrics. Called on the jobs' threads; must be quick and must not throw. */
@FunctionalInterface
public interface JobObserver {
    /** The kinds of job. */
    enum Kind {
        BACKUP,
        COPY,
        INDEX,
        RESTORE
    }

    /** A job begins to move data. Told again when it begins again, after a fault or a crash. */
    default void started(Kind kind, ResourceType type) {}

    /**
     * A job has reached its final state.
     *
     * @param state the wire name
     * @param took from its creation to its end
     * @param bytes what it moved
     */
    void ended(Kind kind, String state, ResourceType type, Duration took, long bytes);
}
