package dev.coffer.core.resource;

import dev.coffer.core.arn.Scope;
import java.util.Map;
import java.util.TreeMap;

/**
 * A door of the configuration behind which resources of one type are found, for example an object store with its buckets. New resources of the type are made behind it, too.
 *
 * @param settings what the connector needs, by the names of the configuration file, for example {@code endpoint}; secrets among them never leave the process, which is why {@link #toString} shows the
 *     names alone
 */
public record Endpoint(ResourceType type, Scope scope, Map<String, String> settings) {
    public Endpoint {
        settings = Map.copyOf(settings);
    }

    @Override
    public String toString() {
        return "Endpoint[" + type.wireName() + " in " + scope + " with " + new TreeMap<>(settings).keySet() + "]";
    }
}
