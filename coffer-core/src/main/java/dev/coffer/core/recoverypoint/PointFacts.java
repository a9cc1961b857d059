package dev.coffer.core.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.tag.Tags;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the control plane knew of a recovery point when it was made, as texts that its manifest keeps, so that a lost catalog can be made anew from the vaults. Later changes are not in it.
 *
 * @param role of the backup job
 * @param tags of the recovery point
 */
public record PointFacts(Arn role, Lifecycle lifecycle, Tags tags) {
    private static final String ROLE = "IamRoleArn";
    private static final String DELETE_AFTER = "DeleteAfterDays";
    private static final String COLD_AFTER = "MoveToColdStorageAfterDays";
    private static final String OPT_IN = "OptInToArchiveForSupportedResources";
    private static final String TAG = "RecoveryPointTags/";

    /** The facts as texts by their names. */
    public Map<String, String> toMap() {
        var map = new TreeMap<String, String>();
        map.put(ROLE, role.toString());
        lifecycle.deleteAfterDays().ifPresent(days -> map.put(DELETE_AFTER, Long.toString(days)));
        lifecycle.coldAfterDays().ifPresent(days -> map.put(COLD_AFTER, Long.toString(days)));
        lifecycle.optInToArchive().ifPresent(chosen -> map.put(OPT_IN, Boolean.toString(chosen)));
        tags.valueByKey().forEach((key, value) -> map.put(TAG + key, value));
        return map;
    }

    /**
     * The facts that the texts tell.
     *
     * @throws IllegalArgumentException if a text is not one that {@link #toMap} makes
     */
    public static PointFacts ofMap(Map<String, String> map) {
        var role = Optional.ofNullable(map.get(ROLE)).orElseThrow(() -> new IllegalArgumentException("no " + ROLE));
        var tags = new TreeMap<String, String>();
        map.forEach((name, value) -> {
            if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), value);
            }
        });
        var lifecycle = new Lifecycle(
                days(map, COLD_AFTER),
                days(map, DELETE_AFTER),
                Optional.ofNullable(map.get(OPT_IN)).map(Boolean::valueOf));
        return new PointFacts(Arn.parse(ROLE, role), lifecycle, Tags.of(tags));
    }

    private static OptionalLong days(Map<String, String> map, String name) {
        return map.containsKey(name) ? OptionalLong.of(Long.parseLong(map.get(name))) : OptionalLong.empty();
    }
}
