package dev.coffer.engine.source;

import dev.coffer.core.resource.ResourceType;
import java.time.Duration;

/** Is told of every look behind an endpoint. Called from any thread; must not throw. */
@FunctionalInterface
public interface DiscoveryObserver {
    /**
     * A look has ended.
     *
     * @param succeeded whether the endpoint told what there is
     * @param resources how many resources are known behind the endpoint now
     */
    void looked(ResourceType type, boolean succeeded, int resources, Duration took);
}
