package dev.coffer.core.connector;

import dev.coffer.core.resource.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The continuous side of a connector: follows a resource, so that every second of what was followed can be rebuilt.
 *
 * <p>A continuous backup is a series of marks: ordinary recovery points in the vault, each written with the one before as its parent. The first mark is a base, an image that {@link ResourceConnector#capture} makes. Then
 * comes one round after the other; a round that finds changes writes one mark, and one that finds none only moves the position. Holds no state between calls; one round at a time is run for a series, in all processes. After
 * a crash a round comes again from the last durable position.
 *
 * <p>Faults are {@link SourceException}s: after one that is retryable the round comes again, from the same position; after any other the series is interrupted, until the plan's next run begins it again with a new base.
 */
public interface ChangeFeed {
    /** The time from the end of a round to the beginning of the next. */
    Duration interval(Source source);

    /**
     * Where the series begins; called before the base is captured, so that no change after the base is missed. Moments can be restored from {@code reached} on, or from the base's
     * {@link dev.coffer.core.repository.CaptureSummary#consistentAt}, if that is later.
     *
     * @throws SourceException.Impossible if the resource cannot be followed: what is missing, and the next step. An ordinary backup is made then
     */
    FeedPosition begin(Source source) throws InterruptedException;

    /** Looks at what has changed since, and writes it as at most one mark. */
    Round follow(FollowRequest request, MarkWriter marks, Activity activity) throws InterruptedException;

    /**
     * Recreates the resource as it was at the moment, as {@link ResourceConnector#restore} does, which has the promises.
     *
     * @param moment in whole seconds; the changes up to and including it count
     * @param request as for a restore of a snapshot; the moment is not in its metadata
     * @param marks the marks that the moment needs, the oldest first: the newest image that is not after it, and those after that, up to the first that is certain to know all of it ({@link FeedPosition#checked}), or the last there is
     */
    Restored restoreTo(Instant moment, RestoreRequest request, List<FeedMark> marks, Activity activity)
            throws InterruptedException;
}
