package dev.coffer.core.connector;

import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.function.Predicate;

/** Finds the resources of one type behind an endpoint. Holds no state between calls. Faults of the endpoint are {@link SourceException}s. */
public interface Discovery {
    ResourceType serves();

    /**
     * Shows every resource behind the endpoint that its credentials can see, with its ARN as AWS would write it, its tags, and the endpoint's settings and what names the resource as its settings, until {@code visit}
     * returns false. A resource whose tags cannot be read is an error of the whole call, since a selection by tags must not miss it in silence.
     */
    void discover(Endpoint endpoint, Predicate<Source> visit) throws InterruptedException;
}
