package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.JobId;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads continuous backups. */
public interface ContinuousRows {
    /** The series behind a recovery point; empty for a snapshot. */
    Optional<Series> find(Scope scope, VaultName vault, Arn point);

    /** All series of the resource in the scope, in whichever vault, by the ARN of their points. */
    List<Series> ofResource(Scope scope, Arn resource);

    /** Followed series of all scopes whose next round is due by now, the longest due first. */
    List<Series> due(Instant now, int limit);

    /**
     * Series of all scopes, by vault and the ARN of their points.
     *
     * @param after the last of those before; they go on behind it
     */
    List<Series> all(Optional<Series> after, int limit);

    /** The marks of the series. */
    History history(Series series);

    /** Whether the backup job is to make or to continue a continuous backup. */
    boolean isWanted(JobId job);
}
