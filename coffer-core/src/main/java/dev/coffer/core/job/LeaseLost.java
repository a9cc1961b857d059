package dev.coffer.core.job;

/** Another runner owns the job now. Whoever meets this stops at once and writes nothing more. */
public final class LeaseLost extends RuntimeException {
    public LeaseLost(JobId job) {
        super("the lease on job " + job + " was lost to another runner");
    }
}
