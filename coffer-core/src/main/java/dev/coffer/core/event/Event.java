package dev.coffer.core.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One thing that happened, in the shape of an EventBridge event of source {@code aws.backup}.
 *
 * @param detailType for example {@code Backup Job State Change}
 * @param detail strings, numbers, booleans, lists and maps of them, by the names of the event's JSON
 */
public record Event(
        UUID id, String detailType, Scope scope, Instant at, List<Arn> resources, Map<String, Object> detail) {
    public Event {
        resources = List.copyOf(resources);
        detail = Map.copyOf(detail);
    }
}
