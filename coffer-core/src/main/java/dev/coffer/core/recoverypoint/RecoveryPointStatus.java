package dev.coffer.core.recoverypoint;

/** The statuses of a recovery point, with AWS Backup's names. A snapshot is COMPLETED when it can be restored, a continuous backup AVAILABLE or STOPPED. */
public enum RecoveryPointStatus {
    /** The backup is running; nothing can be restored. */
    CREATING,
    /** Restorable from the vault alone. */
    COMPLETED,
    /** A continuous backup that is followed. */
    AVAILABLE,
    /** A continuous backup that is no longer followed; what was recorded can be restored until it expires. */
    STOPPED,
    /** Asked to go; its storage is about to be forgotten. */
    DELETING,
    /** Its retention is over, and it could not be deleted yet. It is tried again. */
    EXPIRED;

    /** Whether something can be restored. */
    public boolean isRestorable() {
        return switch (this) {
            case COMPLETED, AVAILABLE, STOPPED -> true;
            case CREATING, DELETING, EXPIRED -> false;
        };
    }
}
