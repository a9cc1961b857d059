package dev.coffer.engine.source;

import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;

/**
 * An endpoint that did not tell what is behind it when it was last asked, so that what is known of it may be out of date.
 *
 * @param endpoint its URL, or the name of the type's service if it has none
 * @param since when the first of the failures in a row was
 * @param knownFrom the moment from which its resources are known; empty if none are, or none that are recent enough to be used
 * @param reason what went wrong the last time, for people
 */
public record Outage(ResourceType type, String endpoint, Instant since, Optional<Instant> knownFrom, String reason) {
    /** One sentence for people. */
    public String message() {
        return "The endpoint " + endpoint + " has not told since " + since + " which resources of type "
                + type.wireName() + " it has: " + reason
                + (knownFrom.isPresent()
                        ? " What is known of it is from " + knownFrom.get() + "."
                        : " None of its resources are known, so no selection finds them.");
    }
}
