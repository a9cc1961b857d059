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

    PrincipalRows principals();

    VaultPolicyRows vaultPolicies();

    SettingsRows settings();

    OutboxRows outbox();
}
