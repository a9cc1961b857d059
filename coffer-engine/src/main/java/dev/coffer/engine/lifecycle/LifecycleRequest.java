package dev.coffer.engine.lifecycle;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import java.util.Optional;
import java.util.OptionalLong;

/** A lifecycle as a request writes it: days may be -1 for never, and an absent one is unset. */
public record LifecycleRequest(
        Optional<Long> moveToColdStorageAfterDays,
        Optional<Long> deleteAfterDays,
        Optional<Boolean> optInToArchive,
        Optional<String> deleteAfterEvent) {

    /** Days alone. */
    public static LifecycleRequest ofDays(Optional<Long> cold, Optional<Long> delete) {
        return new LifecycleRequest(cold, delete, Optional.empty(), Optional.empty());
    }

    /**
     * The lifecycle as it is written.
     *
     * @throws Refused with AWS's text if the days break a rule
     */
    public Lifecycle lifecycle() {
        if (deleteAfterEvent.isPresent()) {
            throw new Refused(Problem.invalid("DeleteAfterEvent cannot be set by a request."));
        }
        return Lifecycle.ofRequest(moveToColdStorageAfterDays, deleteAfterDays, optInToArchive);
    }

    /**
     * The lifecycle for a point of the type. Days to cold storage are dropped for a type that has none (AWS Backup developer guide).
     *
     * @throws Refused with AWS's text if the days break a rule
     */
    public Lifecycle lifecycle(ResourceType type) {
        return forType(lifecycle(), type);
    }

    /** What of a lifecycle counts for a point of the type. */
    public static Lifecycle forType(Lifecycle lifecycle, ResourceType type) {
        return hasColdStorage(type)
                ? lifecycle
                : new Lifecycle(OptionalLong.empty(), lifecycle.deleteAfterDays(), lifecycle.optInToArchive());
    }

    private static boolean hasColdStorage(ResourceType type) {
        return switch (type) {
            case EFS, DYNAMODB, EBS -> true;
            case AURORA, EC2, RDS, S3 -> false;
        };
    }
}
