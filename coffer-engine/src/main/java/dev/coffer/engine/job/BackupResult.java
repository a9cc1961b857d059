package dev.coffer.engine.job;

import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.repository.Manifest;
import java.util.Optional;

/** What the work on a backup job has come to. */
sealed interface BackupResult {
    /**
     * The manifest of the job's point.
     *
     * @param message what the user is told besides
     */
    record Stored(BackupJob job, Manifest manifest, Optional<String> message) implements BackupResult {}

    /** A round of a continuous backup that was there before. */
    record WentOn(BackupJob job, Series series) implements BackupResult {}
}
