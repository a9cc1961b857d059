package dev.coffer.core.connector;

import java.util.Map;

/**
 * What a resource is at this moment, asked before a capture.
 *
 * @param restoreMetadata its settings by the names of restore metadata; what GetRecoveryPointRestoreMetadata will show
 */
public record ResourceFacts(String name, Map<String, String> tags, Map<String, String> restoreMetadata) {
    public ResourceFacts {
        tags = Map.copyOf(tags);
        restoreMetadata = Map.copyOf(restoreMetadata);
    }
}
