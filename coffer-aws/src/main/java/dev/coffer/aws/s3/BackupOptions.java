package dev.coffer.aws.s3;

import dev.coffer.core.problem.Problem;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a backup is to capture besides content, metadata and headers, by the names of BackupOptions.
 *
 * @param acls {@code BackupACLs}; disabled unless it is asked for
 * @param tags {@code BackupObjectTags}; enabled unless it is not wanted
 * @param recheckDays within how many days the tags and ACLs of every object are read again, though its listing has not changed; 0 for every run
 */
record BackupOptions(boolean acls, boolean tags, int recheckDays) {
    static final String ACLS = "BackupACLs";
    static final String TAGS = "BackupObjectTags";
    static final String RECHECK_DAYS = "recheckDays";
    private static final int RECHECK_USUALLY = 30;

    static BackupOptions of(Map<String, String> settings) {
        return new BackupOptions(
                enabled(settings, ACLS, false),
                enabled(settings, TAGS, true),
                Integer.parseInt(settings.getOrDefault(RECHECK_DAYS, "" + RECHECK_USUALLY)));
    }

    private static boolean enabled(Map<String, String> settings, String name, boolean usual) {
        return Optional.ofNullable(settings.get(name))
                .map(value -> value.equalsIgnoreCase("enabled"))
                .orElse(usual);
    }

    static Optional<Problem> objectionTo(Map<String, String> options) {
        for (var option : options.entrySet()) {
            if (!option.getKey().equals(ACLS) && !option.getKey().equals(TAGS)) {
                return Optional.of(Problem.invalid("BackupOptions of S3 are " + ACLS + " and " + TAGS + ", and not "
                        + Shown.key(option.getKey()) + "."));
            }
            var value = option.getValue().toLowerCase(Locale.ROOT);
            if (!value.equals("enabled") && !value.equals("disabled")) {
                return Optional.of(Problem.invalid(option.getKey() + " is enabled or disabled."));
            }
        }
        return Optional.empty();
    }

    /** Whether the day in which a key's tags and ACL are read again lies after the one day and not after the other. */
    boolean recheckDue(String key, long afterDay, long untilDay) {
        if (recheckDays == 0) {
            return true;
        }
        long days = untilDay - afterDay;
        return days >= recheckDays || Math.floorMod(key.hashCode() - afterDay - 1, recheckDays) < days;
    }
}
