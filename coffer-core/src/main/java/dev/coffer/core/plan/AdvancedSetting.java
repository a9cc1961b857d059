package dev.coffer.core.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Options for the backups of a type, by AWS's names: {@code WindowsVSS} for EC2, {@code BackupACLs} and {@code BackupObjectTags} for S3, each {@code enabled} or {@code disabled}. */
public record AdvancedSetting(ResourceType type, Map<String, String> options) {
    private static final Map<ResourceType, Set<String>> OPTIONS = Map.of(
            ResourceType.EC2, Set.of("WindowsVSS"),
            ResourceType.S3, Set.of("BackupACLs", "BackupObjectTags"));
    private static final List<String> VALUES = List.of("enabled", "disabled");

    public AdvancedSetting {
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
        if (!OPTIONS.getOrDefault(type, Set.of()).containsAll(options.keySet())
                || !VALUES.containsAll(options.values())
                || options.isEmpty()) {
            throw refusal(type.wireName());
        }
    }

    /** The setting of a request; {@code type} is a wire name. */
    public static AdvancedSetting of(String type, Map<String, String> options) {
        return new AdvancedSetting(ResourceType.ofWireName(type).orElseThrow(() -> refusal(type)), options);
    }

    /** AWS has this one text for every type, option and value that cannot be. */
    private static Refused refusal(String type) {
        return new Refused(Problem.invalid("Invalid Resource Type : " + type));
    }
}
