package dev.coffer.core.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
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
 * @param createdBy the rule of a plan that made it
 */
public record PointFacts(Arn role, Lifecycle lifecycle, Tags tags, Optional<CreatedBy> createdBy) {
    private static final String ROLE = "IamRoleArn";
    private static final String DELETE_AFTER = "DeleteAfterDays";
    private static final String COLD_AFTER = "MoveToColdStorageAfterDays";
    private static final String OPT_IN = "OptInToArchiveForSupportedResources";
    private static final String TAG = "RecoveryPointTags/";
    private static final String PLAN_ID = "CreatedBy/BackupPlanId";
    private static final String PLAN_ARN = "CreatedBy/BackupPlanArn";
    private static final String PLAN_NAME = "CreatedBy/BackupPlanName";
    private static final String PLAN_VERSION = "CreatedBy/BackupPlanVersion";
    private static final String RULE_ID = "CreatedBy/BackupRuleId";
    private static final String RULE_NAME = "CreatedBy/BackupRuleName";
    private static final String RULE_CRON = "CreatedBy/BackupRuleCron";
    private static final String RULE_ZONE = "CreatedBy/BackupRuleTimezone";

    /** The facts as texts by their names. */
    public Map<String, String> toMap() {
        var map = new TreeMap<String, String>();
        map.put(ROLE, role.toString());
        lifecycle.deleteAfterDays().ifPresent(days -> map.put(DELETE_AFTER, Long.toString(days)));
        lifecycle.coldAfterDays().ifPresent(days -> map.put(COLD_AFTER, Long.toString(days)));
        lifecycle.optInToArchive().ifPresent(chosen -> map.put(OPT_IN, Boolean.toString(chosen)));
        tags.valueByKey().forEach((key, value) -> map.put(TAG + key, value));
        createdBy.ifPresent(creator -> putCreator(map, creator));
        return map;
    }

    private static void putCreator(Map<String, String> map, CreatedBy creator) {
        map.put(PLAN_ID, creator.plan().value());
        map.put(PLAN_ARN, creator.planArn().toString());
        map.put(PLAN_NAME, creator.planName());
        map.put(PLAN_VERSION, creator.planVersion());
        map.put(RULE_ID, creator.rule().value());
        map.put(RULE_NAME, creator.ruleName());
        map.put(RULE_CRON, creator.cron());
        map.put(RULE_ZONE, creator.timezone());
    }

    private static Optional<CreatedBy> creator(Map<String, String> map) {
        if (!map.containsKey(PLAN_ID)) {
            return Optional.empty();
        }
        return Optional.of(new CreatedBy(
                new PlanId(text(map, PLAN_ID)),
                Arn.parse(PLAN_ARN, text(map, PLAN_ARN)),
                text(map, PLAN_NAME),
                text(map, PLAN_VERSION),
                new RuleId(text(map, RULE_ID)),
                text(map, RULE_NAME),
                text(map, RULE_CRON),
                text(map, RULE_ZONE)));
    }

    private static String text(Map<String, String> map, String name) {
        return Optional.ofNullable(map.get(name)).orElseThrow(() -> new IllegalArgumentException("no " + name));
    }

    /**
     * The facts that the texts tell.
     *
     * @throws IllegalArgumentException if a text is not one that {@link #toMap} makes
     */
    public static PointFacts ofMap(Map<String, String> map) {
        var role = text(map, ROLE);
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
        return new PointFacts(Arn.parse(ROLE, role), lifecycle, Tags.of(tags), creator(map));
    }

    private static OptionalLong days(Map<String, String> map, String name) {
        return map.containsKey(name) ? OptionalLong.of(Long.parseLong(map.get(name))) : OptionalLong.empty();
    }
}
