package dev.coffer.core.connector;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.Source;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One restore, as its connector needs to know it. The same request may come again after a crash; what the first run made is found by {@code jobId} and used.
 *
 * @param jobId names the restore; a name that a connector chooses for what it makes derives from it
 * @param createdAt when the job was created
 * @param metadata restore metadata: keys in lower case, absent values left out
 * @param tags tags for a new resource
 * @param sources the resources of the same account and region that can be a target
 */
public record RestoreRequest(
        String jobId,
        Instant createdAt,
        Scope scope,
        Map<String, String> metadata,
        Map<String, String> tags,
        Targets sources) {
    public RestoreRequest {
        metadata = Map.copyOf(metadata);
        tags = Map.copyOf(tags);
    }

    /** Where a restore may go. */
    public interface Targets {
        /** The resource of the connector's type with this id, for example a file system's. */
        Optional<Source> existing(String resourceId);

        /** The parent place for new resources of the connector's type, as the configuration says. */
        String restoreParent();

        /** The endpoint behind which new resources of the connector's type are made: the one where the original was found, else the first of the scope. Impossible if there is none. */
        Endpoint endpoint();
    }
}
