package dev.coffer.core.repository;

import java.time.Instant;
import java.util.Map;

/**
 * What a manifest says about its recovery point besides the data, so that it can be listed and restored without a catalog. All of it is known before the capture begins.
 *
 * @param recoveryPointArn the point's ARN
 * @param resourceArn the resource's ARN
 * @param resourceType the type's wire name
 * @param restoreMetadata settings of the resource, by the names of restore metadata
 * @param resourceTags tags of the resource at backup time
 * @param facts what else the point was created with, by the names of the API; see {@link PointFacts}
 */
public record PointDescription(
        String recoveryPointArn,
        String resourceArn,
        String resourceType,
        String resourceName,
        Instant createdAt,
        Map<String, String> restoreMetadata,
        Map<String, String> resourceTags,
        Map<String, String> facts) {
    public PointDescription {
        restoreMetadata = Map.copyOf(restoreMetadata);
        resourceTags = Map.copyOf(resourceTags);
        facts = Map.copyOf(facts);
    }

    /** A description without further facts. */
    public PointDescription(
            String recoveryPointArn,
            String resourceArn,
            String resourceType,
            String resourceName,
            Instant createdAt,
            Map<String, String> restoreMetadata,
            Map<String, String> resourceTags) {
        this(
                recoveryPointArn,
                resourceArn,
                resourceType,
                resourceName,
                createdAt,
                restoreMetadata,
                resourceTags,
                Map.of());
    }
}
