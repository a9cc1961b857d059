package dev.coffer.catalog;

import dev.coffer.catalog.access.SqlAccess;
import dev.coffer.catalog.access.SqlPrincipals;
import dev.coffer.catalog.access.SqlVaultPolicies;
import dev.coffer.catalog.clock.SqlClock;
import dev.coffer.catalog.continuous.SqlContinuous;
import dev.coffer.catalog.duty.SqlDuties;
import dev.coffer.catalog.event.SqlEventRules;
import dev.coffer.catalog.event.SqlOutbox;
import dev.coffer.catalog.job.SqlBackupJobs;
import dev.coffer.catalog.job.SqlCopyJobs;
import dev.coffer.catalog.job.SqlIndexJobs;
import dev.coffer.catalog.job.SqlRestoreJobs;
import dev.coffer.catalog.legalhold.SqlLegalHolds;
import dev.coffer.catalog.maintenance.SqlMaintenance;
import dev.coffer.catalog.plan.SqlPlans;
import dev.coffer.catalog.plan.SqlScheduledRuns;
import dev.coffer.catalog.plan.SqlSelections;
import dev.coffer.catalog.recoverypoint.SqlRecoveryPoints;
import dev.coffer.catalog.resource.SqlResources;
import dev.coffer.catalog.settings.SqlSettings;
import dev.coffer.catalog.tag.SqlTags;
import dev.coffer.catalog.token.SqlTokens;
import dev.coffer.catalog.vault.SqlLocks;
import dev.coffer.catalog.vault.SqlVaultNotifications;
import dev.coffer.catalog.vault.SqlVaults;
import dev.coffer.core.catalog.AccessTable;
import dev.coffer.core.catalog.BackupJobTable;
import dev.coffer.core.catalog.ClockTable;
import dev.coffer.core.catalog.ContinuousTable;
import dev.coffer.core.catalog.CopyJobTable;
import dev.coffer.core.catalog.DutyTable;
import dev.coffer.core.catalog.EventRuleTable;
import dev.coffer.core.catalog.IndexJobTable;
import dev.coffer.core.catalog.LegalHoldTable;
import dev.coffer.core.catalog.LockTable;
import dev.coffer.core.catalog.MaintenanceTable;
import dev.coffer.core.catalog.OutboxTable;
import dev.coffer.core.catalog.PlanTable;
import dev.coffer.core.catalog.PrincipalTable;
import dev.coffer.core.catalog.RecoveryPointTable;
import dev.coffer.core.catalog.ResourceTable;
import dev.coffer.core.catalog.RestoreJobTable;
import dev.coffer.core.catalog.ScheduledRunTable;
import dev.coffer.core.catalog.SelectionTable;
import dev.coffer.core.catalog.SettingsTable;
import dev.coffer.core.catalog.TagTable;
import dev.coffer.core.catalog.TokenTable;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.VaultNotificationTable;
import dev.coffer.core.catalog.VaultPolicyTable;
import dev.coffer.core.catalog.VaultTable;
import org.jooq.DSLContext;

/** All tables over one connection. Readers get it as a view, on a connection that cannot write. */
record SqlTransaction(
        VaultTable vaults,
        RecoveryPointTable recoveryPoints,
        BackupJobTable backupJobs,
        CopyJobTable copyJobs,
        RestoreJobTable restoreJobs,
        IndexJobTable indexJobs,
        PlanTable plans,
        SelectionTable selections,
        ScheduledRunTable scheduledRuns,
        ResourceTable resources,
        TagTable tags,
        AccessTable access,
        PrincipalTable principals,
        VaultPolicyTable vaultPolicies,
        SettingsTable settings,
        OutboxTable outbox,
        EventRuleTable eventRules,
        VaultNotificationTable vaultNotifications,
        TokenTable tokens,
        LockTable locks,
        LegalHoldTable legalHolds,
        ClockTable clock,
        MaintenanceTable maintenance,
        DutyTable duties,
        ContinuousTable continuous)
        implements Transaction {

    static SqlTransaction over(DSLContext sql) {
        var points = new SqlRecoveryPoints(sql);
        var vaults = new SqlVaults(sql);
        var principals = new SqlPrincipals(sql);
        return new SqlTransaction(
                vaults,
                points,
                new SqlBackupJobs(sql),
                new SqlCopyJobs(sql),
                new SqlRestoreJobs(sql),
                new SqlIndexJobs(sql),
                new SqlPlans(sql),
                new SqlSelections(sql),
                new SqlScheduledRuns(sql),
                new SqlResources(sql, points),
                new SqlTags(sql),
                new SqlAccess(sql, principals),
                principals,
                new SqlVaultPolicies(sql),
                new SqlSettings(sql),
                new SqlOutbox(sql),
                new SqlEventRules(sql),
                new SqlVaultNotifications(sql),
                new SqlTokens(sql),
                new SqlLocks(sql, vaults),
                new SqlLegalHolds(sql, points),
                new SqlClock(sql),
                new SqlMaintenance(sql),
                new SqlDuties(sql),
                new SqlContinuous(sql));
    }
}
