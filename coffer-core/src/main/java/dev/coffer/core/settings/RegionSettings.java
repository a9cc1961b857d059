package dev.coffer.core.settings;

import dev.coffer.core.resource.ResourceType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Which resource types an account backs up in a region, and how. Keys that were never set have AWS's defaults. */
public record RegionSettings(Map<ResourceType, Boolean> optIn, Map<ResourceType, Boolean> management) {
    /** The types of which AWS Backup lets users say whether their backups are fully managed; EFS always is. */
    public static final Set<ResourceType> MANAGEMENT_TYPES = Set.of(ResourceType.DYNAMODB, ResourceType.EFS);

    public RegionSettings {
        optIn = Map.copyOf(optIn);
        management = Map.copyOf(management);
    }

    /** All types opted in; the fully managed ones managed. */
    public static RegionSettings defaults() {
        var optIn = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        for (var type : ResourceType.values()) {
            optIn.put(type, true);
        }
        return new RegionSettings(optIn, Map.of(ResourceType.DYNAMODB, true, ResourceType.EFS, true));
    }

    /** These settings with the given ones put over them; keys that are not given keep their value. */
    public RegionSettings with(Map<ResourceType, Boolean> moreOptIn, Map<ResourceType, Boolean> moreManagement) {
        return new RegionSettings(merged(optIn, moreOptIn), merged(management, moreManagement));
    }

    /** Whether the type may be backed up. */
    public boolean optedIn(ResourceType type) {
        return optIn.getOrDefault(type, true);
    }

    private static Map<ResourceType, Boolean> merged(Map<ResourceType, Boolean> base, Map<ResourceType, Boolean> more) {
        var all = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        all.putAll(base);
        all.putAll(more);
        return all;
    }
}
