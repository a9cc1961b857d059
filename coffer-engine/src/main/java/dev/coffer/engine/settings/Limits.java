package dev.coffer.engine.settings;

import java.time.Duration;

/**
 * The quotas of this installation. The defaults are those of the AWS Backup quotas page, so that tests that were written for AWS find the same bounds.
 *
 * @param vaults vaults of an account in a Region
 * @param pointTags tags that one backup job may add to its recovery point
 * @param restoreMetadataBytes bytes of all keys and values of one restore's metadata
 * @param jobHistory how long jobs are kept after their end, and how far lists look back
 * @param tokens how long an idempotency token finds its first answer
 * @param restoreRetries how long after its creation a restore that meets a passing fault is tried again
 * @param copyRetries the same of a copy
 */
public record Limits(
        int vaults,
        int pointTags,
        int restoreMetadataBytes,
        Duration jobHistory,
        Duration tokens,
        Duration restoreRetries,
        Duration copyRetries) {
    /** AWS's numbers. */
    public static Limits defaults() {
        return new Limits(
                300,
                10,
                200 * 1024,
                Duration.ofDays(30),
                Duration.ofHours(24),
                Duration.ofHours(8),
                Duration.ofHours(2));
    }
}
