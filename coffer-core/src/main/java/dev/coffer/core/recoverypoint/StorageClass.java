package dev.coffer.core.recoverypoint;

/** Where the data of a recovery point lies, with AWS Backup's names. */
public enum StorageClass {
    /** In the vault's first storage, where every point begins. */
    WARM,
    /** In the second one: slower and cheaper. */
    COLD
}
