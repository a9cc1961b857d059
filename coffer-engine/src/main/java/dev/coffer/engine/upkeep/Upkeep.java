package dev.coffer.engine.upkeep;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.engine.loop.Loop;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.vault.VaultService;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes rows that nobody needs any more: old tokens, signatures and sessions, jobs and runs of plans that ended long ago, events that every sink has taken; and the storage of deleted vaults that was left behind. */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration EVENTS_KEPT = Duration.ofDays(7);
    /** So long a client is told that its session has ended, and not that it never was. */
    private static final Duration SESSIONS_KEPT = Duration.ofDays(1);

    /** So long the days of jobs are counted, which are few rows; the jobs themselves go after {@link Limits#jobHistory}. */
    private static final Duration COUNTS_KEPT = Duration.ofDays(400);

    private static final int JOBS_AT_ONCE = 1000;

    private final Catalog catalog;
    private final VaultService vaults;
    private final InstantSource clock;
    private final Limits limits;
    private final Loop loop;

    /** What one step removed, in rows. */
    public record Removed(
            int tokens,
            int signatures,
            int sessions,
            int backupJobs,
            int copyJobs,
            int restoreJobs,
            int runs,
            int events) {}

    /** An upkeep that does nothing before {@link #start}. */
    public Upkeep(Catalog catalog, VaultService vaults, InstantSource clock, Limits limits, Duration period) {
        this.catalog = catalog;
        this.vaults = vaults;
        this.clock = clock;
        this.limits = limits;
        this.loop = new Loop("upkeep", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Does one step. Jobs go some at a time, so that nobody waits long for the catalog. */
    public Removed tick() throws InterruptedException {
        var now = clock.instant();
        var jobsUntil = now.minus(limits.jobHistory());
        int backupJobs = jobs(tx -> tx.backupJobs().deleteEndedBefore(jobsUntil, JOBS_AT_ONCE));
        int copyJobs = jobs(tx -> tx.copyJobs().deleteEndedBefore(jobsUntil, JOBS_AT_ONCE));
        int restoreJobs = jobs(tx -> tx.restoreJobs().deleteEndedBefore(jobsUntil, JOBS_AT_ONCE));
        var removed = catalog.write(tx -> {
            tx.backupJobs().forgetCountsBefore(LocalDate.ofInstant(now.minus(COUNTS_KEPT), ZoneOffset.UTC));
            return new Removed(
                    tx.tokens().deleteBefore(now.minus(limits.tokens())),
                    tx.access().forgetSignaturesBefore(now),
                    tx.access().forgetSessionsBefore(now.minus(SESSIONS_KEPT)),
                    backupJobs,
                    copyJobs,
                    restoreJobs,
                    tx.scheduledRuns().deleteEndedBefore(jobsUntil),
                    tx.outbox().deleteBefore(now.minus(EVENTS_KEPT)));
        });
        LOG.atDebug().addKeyValue("removed", removed).log("upkeep done");
        vaults.destroyLeftovers();
        return removed;
    }

    private int jobs(ToIntFunction<Transaction> deletion) {
        int all = 0;
        int some;
        do {
            some = catalog.<Integer>write(deletion::applyAsInt);
            all += some;
        } while (some == JOBS_AT_ONCE);
        return all;
    }

    @Override
    public void close() {
        loop.close();
    }
}
