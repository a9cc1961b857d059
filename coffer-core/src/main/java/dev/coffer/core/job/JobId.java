package dev.coffer.core.job;

import java.util.UUID;

/** The id of a job: a UUID in text, compared exactly. Backup jobs on demand have it in lower case, restore jobs in upper case, as in AWS. */
public record JobId(String value) {
    /** The id of a backup job on demand. */
    public static JobId ofBackup(UUID uuid) {
        return new JobId(uuid.toString());
    }

    /** The id of a restore job. */
    public static JobId ofRestore(UUID uuid) {
        return new JobId(uuid.toString().toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public String toString() {
        return value;
    }
}
