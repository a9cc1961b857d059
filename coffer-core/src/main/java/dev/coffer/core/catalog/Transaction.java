package dev.coffer.core.catalog;

import dev.coffer.core.event.Event;

/** All that can be read and changed. Valid until its body returns. */
public interface Transaction extends View {
    @Override
    VaultTable vaults();

    @Override
    RecoveryPointTable recoveryPoints();

    @Override
    BackupJobTable backupJobs();

    @Override
    CopyJobTable copyJobs();

    @Override
    RestoreJobTable restoreJobs();

    @Override
    IndexJobTable indexJobs();

    @Override
    PlanTable plans();

    @Override
    SelectionTable selections();

    @Override
    ScheduledRunTable scheduledRuns();

    @Override
    ResourceTable resources();

    @Override
    TagTable tags();

    @Override
    AccessTable access();

    @Override
    PrincipalTable principals();

    @Override
    VaultPolicyTable vaultPolicies();

    @Override
    SettingsTable settings();

    @Override
    OutboxTable outbox();

    @Override
    EventRuleTable eventRules();

    @Override
    VaultNotificationTable vaultNotifications();

    @Override
    LockTable locks();

    @Override
    LegalHoldTable legalHolds();

    @Override
    ClockTable clock();

    @Override
    MaintenanceTable maintenance();

    @Override
    ContinuousTable continuous();

    /** What one process at a time does. */
    DutyTable duties();

    /** The tokens that make repeats of one request find the first answer. */
    TokenTable tokens();

    /** Records an event; it becomes visible to the outbox with the commit, and not without it. */
    default void emit(Event event) {
        outbox().append(event);
    }
}
