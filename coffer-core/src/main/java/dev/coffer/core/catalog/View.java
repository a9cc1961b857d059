package dev.coffer.core.catalog;

/** All that can be read. */
public interface View {
    VaultRows vaults();

    RecoveryPointRows recoveryPoints();

    BackupJobRows backupJobs();

    RestoreJobRows restoreJobs();

    ResourceRows resources();

    TagRows tags();

    AccessRows access();

    SettingsRows settings();

    OutboxRows outbox();

    LockRows locks();

    LegalHoldRows legalHolds();

    ClockRows clock();
}
