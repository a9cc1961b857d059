package dev.coffer.core.connector;

import dev.coffer.core.resource.ResourceType;
import java.util.Set;

/**
 * The type that a connector serves and what it can do; the engine asks for nothing beyond it.
 *
 * @param jobsAtOnce how many captures of the type may run at once on one node
 */
public record ConnectorSpec(ResourceType serves, Set<Feature> features, int jobsAtOnce) {
    public ConnectorSpec {
        features = Set.copyOf(features);
    }

    /** What a connector can do besides a full capture and a full restore. */
    public enum Feature {
        INCREMENTAL,
        ITEM_RESTORE,
        /** Has a {@link ChangeFeed}. */
        CONTINUOUS
    }
}
