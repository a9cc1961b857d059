package dev.coffer.core.connector;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.Map;
import java.util.Optional;

/**
 * Teaches Coffer one resource type behind one kind of door. Holds no state between calls: each call brings what it needs. Faults of the resource are {@link SourceException}s. Interruption means stop.
 */
public interface ResourceConnector {
    ConnectorSpec spec();

    /**
     * What is wrong with these options of a backup (BackupOptions), before a job exists. The options that pass are settings of the source in {@link #describe} and {@link #capture}. A connector has none unless it says so.
     */
    default Optional<Problem> objectionToOptions(Map<String, String> options) {
        return noOptions(spec().serves(), options);
    }

    /** The objection of a type that has no options. */
    static Optional<Problem> noOptions(ResourceType type, Map<String, String> options) {
        return options.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "BackupOptions has no option for resources of type " + type.wireName() + ". Leave it out."));
    }

    /** What the resource is now; NotFound or Unavailable if it cannot be reached. */
    ResourceFacts describe(Source source) throws InterruptedException;

    /**
     * Writes one consistent image. What the parent has and did not change is carried over. An item that cannot be read is named in the summary and does not end the capture; a resource that cannot be
     * read at all does.
     */
    CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException;

    /**
     * What is wrong with this restore metadata, before a job exists: unknown keys, missing ones, values that cannot be. Keys are in lower case.
     */
    Optional<Problem> objectionTo(Map<String, String> metadata);

    /**
     * The options of the backup that has to be made of the original before it is restored with this metadata, since the restore changes what is there; empty if it does not. The engine makes that backup and calls {@link #restore} only
     * when it has completed.
     *
     * @throws Refused INVALID_PARAMETER_VALUE if the metadata wants the original changed and names another target
     */
    default Optional<Map<String, String>> safetyPoint(Arn original, Map<String, String> metadata) {
        return Optional.empty();
    }

    /**
     * Recreates the resource, or adds to an existing one. Never overwrites what was there unless the metadata says so, and never writes outside its target. A repeat after a crash goes on in what the first run made.
     */
    Restored restore(RestoreRequest request, RecoveryPointReader point, Activity activity) throws InterruptedException;

    /** What follows resources of the type; present exactly if {@link #spec} names CONTINUOUS. */
    default Optional<ChangeFeed> changeFeed() {
        return Optional.empty();
    }

    /** How a search reads the items of the type's points; empty for a type whose points cannot be indexed. */
    default Optional<ItemSearch> search() {
        return Optional.empty();
    }
}
