package dev.coffer.testkit.catalog;

/** All that a catalog promises. An implementation runs it by naming itself and handing out an empty catalog. */
public interface CatalogContract
        extends TransactionContract,
                BackupJobContract,
                CopyJobContract,
                IndexJobContract,
                RestoreJobContract,
                JobCountContract,
                RecoveryPointContract,
                PlanContract,
                PlanRunContract,
                ProtectionContract,
                SmallTablesContract,
                EventTargetContract,
                DutyContract,
                AccessContract,
                MaintenanceContract,
                ContinuousContract {}
