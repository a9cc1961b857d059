package dev.coffer.core.catalog;

/** All that can be read. */
public interface View {
    VaultRows vaults();

    RecoveryPointRows recoveryPoints();

    BackupJobRows backupJobs();

    CopyJobRows copyJobs();

    RestoreJobRows restoreJobs();

    IndexJobRows indexJobs();

    PlanRows plans();

    SelectionRows selections();

    ScheduledRunRows scheduledRuns();

    ResourceRows resources();

    TagRows tags();

    AccessRows access();

    PrincipalRows principals();

    VaultPolicyRows vaultPolicies();

    SettingsRows settings();

    OutboxRows outbox();

    EventRuleRows eventRules();

    VaultNotificationRows vaultNotifications();

    LockRows locks();

    LegalHoldRows legalHolds();

    ClockRows clock();

    MaintenanceRows maintenance();

    ContinuousRows continuous();
}
