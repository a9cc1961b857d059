package dev.coffer.core.event;

import dev.coffer.core.arn.Scope;
import java.time.Instant;
import java.util.List;

/**
 * What happened to the backups of an account in a Region, failures first.
 *
 * @param completedBackups how many backup jobs have completed
 * @param completedCopies how many copy jobs have completed
 * @param completedRestores how many restore jobs have completed
 * @param newBytes what the completed backups have added to vaults
 * @param openJobs how many jobs have not ended
 * @param moreFailures failures that are not listed
 */
public record Digest(
        Scope scope,
        Instant from,
        Instant to,
        List<Failure> failures,
        long moreFailures,
        long completedBackups,
        long completedWithIssues,
        long completedCopies,
        long completedRestores,
        long newBytes,
        long openJobs) {
    public Digest {
        failures = List.copyOf(failures);
    }

    /**
     * One job that did not do what it should.
     *
     * @param what for example {@code Backup failed}
     * @param resource the resource's name
     * @param why the job's message
     * @param nextStep what to do about it
     */
    public record Failure(
            String what, String resource, String vault, String why, String nextStep, Instant at, String jobId) {}

    /** How many failures there were. */
    public long failureCount() {
        return failures.size() + moreFailures;
    }
}
