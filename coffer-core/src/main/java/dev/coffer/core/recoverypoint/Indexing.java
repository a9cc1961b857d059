package dev.coffer.core.recoverypoint;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import java.util.Optional;

/** The rules of search indexes: which points can have one (AWS Backup). */
public final class Indexing {
    private Indexing() {}

    /**
     * Reads the setting of a request.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for a value that is none
     */
    public static boolean isWanted(String setting) {
        return switch (setting) {
            case "ENABLED" -> true;
            case "DISABLED" -> false;
            default -> throw new Refused(Problem.invalid("Index must be ENABLED or DISABLED, and is " + setting + "."));
        };
    }

    /** Why the point cannot get an index. */
    public static Optional<Problem> objectionTo(RecoveryPoint point) {
        if (!point.resourceType().indexable()) {
            return Optional.of(unsupported(point.resourceType()));
        }
        return switch (point.status()) {
            case CREATING, DELETING, EXPIRED, STOPPED ->
                Optional.of(Problem.invalidRequest("The recovery point " + point.arn() + " is " + point.status()
                        + ". Only one that is COMPLETED or AVAILABLE can be indexed."));
            case COMPLETED, AVAILABLE ->
                point.storage() == StorageClass.COLD
                        ? Optional.of(Problem.invalidRequest("The recovery point " + point.arn()
                                + " is in cold storage. Only one in warm storage can be indexed."))
                        : Optional.empty();
        };
    }

    /** The objection to a point of a type without indexes. */
    public static Problem unsupported(ResourceType type) {
        return Problem.invalidRequest("Recovery points of type " + type.wireName()
                + " cannot be indexed. Only those of types that a search can read can: in this version S3.");
    }
}
