package dev.coffer.engine.job;

import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.Progress;
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

    /**
     * A round of a continuous backup that was there before.
     *
     * @param progress the size of what is kept, and what the round has added to it
     * @param message what the user is told besides
     */
    record WentOn(BackupJob job, Series series, Progress progress, Optional<String> message) implements BackupResult {}
}
