package dev.coffer.core.resource;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import java.util.Map;
import java.util.TreeMap;

/**
 * One protected resource and how it is reached: an entry of the configuration, or what a restore has made.
 *
 * @param arn the resource's ARN
 * @param name what people call it
 * @param settings what its connector needs, by the names of the configuration file, for example {@code path}; secrets among them never
 *     leave the process, which is why {@link #toString} shows the names alone
 * @param tags the tags of the resource
 */
public record Source(
        ResourceType type, Scope scope, Arn arn, String name, Map<String, String> settings, Map<String, String> tags) {
    public Source {
        settings = Map.copyOf(settings);
        tags = Map.copyOf(tags);
    }

    /** The source with options of a job, which count as settings and win over those of the same name. */
    public Source with(Map<String, String> options) {
        var all = new TreeMap<>(settings);
        all.putAll(options);
        return new Source(type, scope, arn, name, all, tags);
    }

    @Override
    public String toString() {
        return "Source[" + type.wireName() + " " + arn + " with " + new TreeMap<>(settings).keySet() + "]";
    }
}
