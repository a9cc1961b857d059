package dev.coffer.core.settings;

import dev.coffer.core.resource.ResourceType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which resource types an account backs up in a region, and how. Keys that were never set have AWS's defaults.
 *
 * @param otherOptIn what was said of {@link #OTHER_TYPES}; kept for those who manage the settings as code, and without effect
 */
public record RegionSettings(
        Map<ResourceType, Boolean> optIn, Map<ResourceType, Boolean> management, Map<String, Boolean> otherOptIn) {
    /** The types of which AWS Backup lets users say whether their backups are fully managed; EFS always is. */
    public static final Set<ResourceType> MANAGEMENT_TYPES = Set.of(ResourceType.DYNAMODB, ResourceType.EFS);

    /** The types of resources that AWS Backup knows and Coffer does not protect, by the names of AWS. */
    public static final Set<String> OTHER_TYPES = Set.of(
            "Aurora DSQL",
            "CloudFormation",
            "DSQL",
            "DocumentDB",
            "EKS",
            "FSx",
            "Neptune",
            "Redshift",
            "Redshift Serverless",
            "SAP HANA on Amazon EC2",
            "Storage Gateway",
            "Timestream",
            "VirtualMachine");

    public RegionSettings {
        optIn = Map.copyOf(optIn);
        management = Map.copyOf(management);
        otherOptIn = Map.copyOf(otherOptIn);
    }

    /** All types opted in; the fully managed ones managed. */
    public static RegionSettings defaults() {
        var optIn = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        for (var type : ResourceType.values()) {
            optIn.put(type, true);
        }
        return new RegionSettings(optIn, Map.of(ResourceType.DYNAMODB, true, ResourceType.EFS, true), Map.of());
    }

    /** These settings with the given ones put over them; keys that are not given keep their value. */
    public RegionSettings with(Map<ResourceType, Boolean> moreOptIn, Map<ResourceType, Boolean> moreManagement) {
        return new RegionSettings(merged(optIn, moreOptIn), merged(management, moreManagement), otherOptIn);
    }

    /** These settings with what is said of {@link #OTHER_TYPES} put over what was said before. */
    public RegionSettings withOthers(Map<String, Boolean> more) {
        var all = new TreeMap<>(otherOptIn);
        all.putAll(more);
        return new RegionSettings(optIn, management, all);
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
