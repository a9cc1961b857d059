package dev.coffer.core.recoverypoint;

/** The statuses of a recovery point that is a snapshot, with AWS Backup's names. */
public enum RecoveryPointStatus {
    /** The backup is running; nothing can be restored. */
    CREATING,
    /** Restorable from the vault alone. */
    COMPLETED,
    /** Asked to go; its storage is about to be forgotten. */
    DELETING,
    /** Its retention is over, and it could not be deleted yet. It is tried again. */
    EXPIRED
}
