package dev.coffer.engine.dashboard;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunPreview;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.resource.Readiness;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an account has in a Region, at one moment.
 *
 * @param at the moment
 * @param unprotected how many known resources no plan chooses
 * @param backupJobs of the last 14 days and of today, by the day of their creation
 * @param copyJobs the same of copies
 * @param restoreJobs the same of restores
 * @param stale the resources whose last backup is the longest ago
 * @param upcoming what plans will do within a day, the first first, as far as there is room
 */
public record Dashboard(
        Instant at,
        Readiness readiness,
        OptionalInt unprotected,
        ActionNeeded actionNeeded,
        List<JobCount> backupJobs,
        List<JobCount> copyJobs,
        List<JobCount> restoreJobs,
        List<RecoveryWindow> stale,
        List<VaultTotal> vaults,
        List<Upcoming> upcoming) {
    public Dashboard {
        backupJobs = List.copyOf(backupJobs);
        copyJobs = List.copyOf(copyJobs);
        restoreJobs = List.copyOf(restoreJobs);
        stale = List.copyOf(stale);
        vaults = List.copyOf(vaults);
        upcoming = List.copyOf(upcoming);
    }

    /**
     * What somebody should look at.
     *
     * @param clock suspect or not
     * @param undeletable points whose retention is over and that could not be deleted, the oldest, some of them
     * @param locking compliance locks that become permanent within days, the first first
     * @param missed runs of plans that were missed within the last days, the newest instants, some of them
     */
    public record ActionNeeded(
            VaultClock clock, List<String> undeletable, List<Locking> locking, List<PlannedRun> missed) {
        public ActionNeeded {
            undeletable = List.copyOf(undeletable);
            locking = List.copyOf(locking);
            missed = List.copyOf(missed);
        }
    }

    /** A lock that becomes permanent. */
    public record Locking(VaultName vault, Instant permanentFrom) {}

    /**
     * From when to when a resource can be restored.
     *
     * @param oldest when its oldest point was made; empty if it has none left
     * @param newest when its newest point was made
     */
    public record RecoveryWindow(ProtectedResource resource, Optional<Instant> oldest, Optional<Instant> newest) {}

    /** A run that a plan will make. */
    public record Upcoming(String planId, String planName, RunPreview run) {}
}
