package dev.coffer.engine.job;

import dev.coffer.core.job.JobId;

/** The work must not go on: it was recalled, or the job is no longer this runner's. */
final class CalledBack extends RuntimeException {
    CalledBack(JobId job) {
        super("the work on job " + job + " was called back");
    }
}
