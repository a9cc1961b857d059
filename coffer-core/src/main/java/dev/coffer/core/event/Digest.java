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
     * One thing that did not do what it should.
     *
     * @param what for example {@code Backup failed}
     * @param resource the resource's name; of a run, the plan's
     * @param why the job's message, or the reason
     * @param nextStep what to do about it
     * @param at when it ended; of a run, the instant at which it should have begun
     * @param id names the subject
     */
    public record Failure(
            String what,
            String resource,
            String vault,
            String why,
            String nextStep,
            Instant at,
            Subject subject,
            String id) {}

    /** What has failed, as a reader can find it. */
    public enum Subject {
        /** A backup, copy or restore job, by its id. */
        JOB("Job", "jobId"),
        /** A rule of a backup plan, by its name. */
        RULE("Rule", "ruleName"),
        /** A search index, by the ARN of its recovery point. */
        RECOVERY_POINT("Recovery point", "recoveryPointArn");

        private final String title;
        private final String member;

        Subject(String title, String member) {
            this.title = title;
            this.member = member;
        }

        /** For people. */
        public String title() {
            return title;
        }

        /** The member of the JSON that has the id. */
        public String member() {
            return member;
        }
    }

    /** How many failures there were. */
    public long failureCount() {
        return failures.size() + moreFailures;
    }
}
