package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A rule of a plan: when to back up, where to, and how long to keep it. The rules are AWS Backup's; an objection has AWS's form, see {@link RuleProblem}.
 *
 * @param airGappedVault a logically air-gapped vault that the backup goes to besides
 * @param startWindowMinutes how long after the fire time a job may wait for its start
 * @param completionWindowMinutes how long a job may take once it has started
 * @param pointTags tags for the recovery points; the resource's own join them, and these win
 * @param continuous whether types that can are backed up continuously
 * @param indexed types whose recovery points get a search index
 */
public record BackupRule(
        String name,
        RuleId id,
        VaultName vault,
        Optional<Arn> airGappedVault,
        Schedule schedule,
        long startWindowMinutes,
        long completionWindowMinutes,
        Lifecycle lifecycle,
        Tags pointTags,
        List<CopyAction> copyActions,
        boolean continuous,
        List<ResourceType> indexed,
        List<ScanAction> scans) {
    /** AWS's windows of a rule that gives none. */
    public static final long USUAL_START_MINUTES = 480;

    public static final long USUAL_COMPLETION_MINUTES = 10_080;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9\\-_.]{1,50}");
    private static final long START_MINUTES_AT_LEAST = 60;
    private static final long MINUTES_AT_MOST = 52_560_000;
    private static final int TAGS_AT_MOST = 10;
    private static final int COPIES_AT_MOST = 5;
    private static final long CONTINUOUS_DAYS_AT_MOST = 35;

    public BackupRule {
        copyActions = List.copyOf(copyActions);
        indexed = List.copyOf(indexed);
        scans = List.copyOf(scans);
        require(NAME.matcher(name).matches(), name, "Invalid rule name. Use 1 to 50 letters, digits, -, _ or .");
        checkWindows(name, startWindowMinutes, completionWindowMinutes);
        if (continuous) {
            checkContinuous(name, lifecycle);
        }
        require(
                !lifecycle.optInToArchive().orElse(false) || schedule.atMostMonthly(),
                name,
                "Invalid lifecycle. OptInToArchiveForSupportedResources needs a schedule that fires at most monthly");
        require(
                pointTags.valueByKey().size() <= TAGS_AT_MOST,
                name,
                "Invalid recovery point tags. RecoveryPointTags cannot have more than " + TAGS_AT_MOST + " tags");
        require(
                copyActions.size() <= COPIES_AT_MOST,
                name,
                "Invalid copy actions. CopyActions cannot have more than " + COPIES_AT_MOST + " elements");
        require(
                new HashSet<>(copyActions).size() == copyActions.size(),
                name,
                "Invalid copy actions. Two of them have the same destination and the same lifecycle");
        require(
                indexed.stream().allMatch(ResourceType::indexable),
                name,
                "Invalid index actions. Only EBS and S3 can be indexed");
    }

    private static void require(boolean holds, String rule, String reason) {
        if (!holds) {
            throw new Refused(RuleProblem.of(rule, reason));
        }
    }

    private static void checkWindows(String rule, long start, long completion) {
        require(
                start >= START_MINUTES_AT_LEAST,
                rule,
                "Invalid start window. StartWindowMinutes cannot be less than " + START_MINUTES_AT_LEAST + " minutes");
        require(
                start <= MINUTES_AT_MOST,
                rule,
                "Invalid start window. StartWindowMinutes cannot be more than " + MINUTES_AT_MOST + " minutes");
        require(
                completion > start,
                rule,
                "Invalid completion window. CompletionWindowMinutes must be more than StartWindowMinutes");
        require(
                completion <= MINUTES_AT_MOST,
                rule,
                "Invalid completion window. CompletionWindowMinutes cannot be more than " + MINUTES_AT_MOST
                        + " minutes");
    }

    private static void checkContinuous(String rule, Lifecycle lifecycle) {
        require(
                lifecycle.coldAfterDays().isEmpty(),
                rule,
                "Invalid lifecycle. MoveToColdStorageAfterDays is unavailable");
        require(
                lifecycle.deleteAfterDays().orElse(Long.MAX_VALUE) <= CONTINUOUS_DAYS_AT_MOST,
                rule,
                "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than " + CONTINUOUS_DAYS_AT_MOST
                        + " days for continuous backups");
    }

    /** The end of the start window of a run that fires then. */
    public Instant startBy(Instant fireAt) {
        return fireAt.plus(Duration.ofMinutes(startWindowMinutes));
    }

    /** How long its recovery points are kept, in days; those that are kept for ever, longer than any. */
    public long retentionDays() {
        return lifecycle.deleteAfterDays().orElse(Long.MAX_VALUE);
    }

    /** The same rule under another id. */
    public BackupRule withId(RuleId other) {
        return new BackupRule(
                name,
                other,
                vault,
                airGappedVault,
                schedule,
                startWindowMinutes,
                completionWindowMinutes,
                lifecycle,
                pointTags,
                copyActions,
                continuous,
                indexed,
                scans);
    }
}
