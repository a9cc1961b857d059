package dev.coffer.core.catalog;

import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.JobId;

/** Changes continuous backups. */
public interface ContinuousTable extends ContinuousRows {
    /** Adds the series, or replaces the one behind its point. */
    void put(Series series);

    /** Adds the mark to the series, or replaces the one with its number. */
    void put(Series series, Mark mark);

    /** Removes a mark; absent counts as done. */
    void delete(Series series, Mark mark);

    /** Removes the series with its marks; absent counts as done. */
    void delete(Series series);

    /** Notes that the backup job is to make or to continue a continuous backup. A repeat changes nothing. */
    void want(JobId job);

    /** Removes the note; absent counts as done. */
    void settle(JobId job);
}
