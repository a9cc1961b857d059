package dev.coffer.core.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.plan.ScheduledRun;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/** The id of a job: a UUID in text, compared exactly. Backup jobs on demand have it in lower case, those of plans, copy jobs and restore jobs in upper case, as in AWS. */
public record JobId(String value) {
    /** The id of a backup job on demand. */
    public static JobId ofBackup(UUID uuid) {
        return new JobId(uuid.toString());
    }

    /** The id of the backup job of one resource in one run of a plan: always the same, so that a repeat after a crash makes no second job. */
    public static JobId ofRun(ScheduledRun run, Arn resource) {
        var name = run.plan() + " " + run.rule() + " " + run.fireAt() + " " + resource;
        return new JobId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .toUpperCase(Locale.ROOT));
    }

    /** The id of the backup job that goes before a restore which changes its resource: always the same for the same restore. */
    public static JobId ofSafetyPoint(JobId restore) {
        return ofBackup(UUID.nameUUIDFromBytes(("safety point " + restore).getBytes(StandardCharsets.UTF_8)));
    }

    /** The id of a copy job. */
    public static JobId ofCopy(UUID uuid) {
        return new JobId(uuid.toString().toUpperCase(Locale.ROOT));
    }

    /** The id of the making of an index, which nobody is shown. */
    public static JobId ofIndex(UUID uuid) {
        return new JobId(uuid.toString());
    }

    /** The id of a restore job. */
    public static JobId ofRestore(UUID uuid) {
        return new JobId(uuid.toString().toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return value;
    }
}
