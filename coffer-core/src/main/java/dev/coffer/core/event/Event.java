package dev.coffer.core.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One thing that happened, in the shape of an EventBridge event.
 *
 * @param source {@link #AWS_BACKUP} for what AWS Backup tells as well, {@link #COFFER} for what only Coffer does
 * @param detailType for example {@code Backup Job State Change}
 * @param detail strings, numbers, booleans, lists and maps of them, by the names of the event's JSON
 */
public record Event(
        UUID id,
        String source,
        String detailType,
        Scope scope,
        Instant at,
        List<Arn> resources,
        Map<String, Object> detail) {
    /** As AWS Backup names itself. */
    public static final String AWS_BACKUP = "aws.backup";

    /** So that no pattern for AWS Backup's events matches one that AWS does not have. */
    public static final String COFFER = "coffer";

    public Event {
        resources = List.copyOf(resources);
        detail = Map.copyOf(detail);
    }

    /** An event of AWS Backup. */
    public Event(UUID id, String detailType, Scope scope, Instant at, List<Arn> resources, Map<String, Object> detail) {
        this(id, AWS_BACKUP, detailType, scope, at, resources, detail);
    }
}
