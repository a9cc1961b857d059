package dev.coffer.core.connector;

import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.resource.Source;
import java.time.Instant;

/**
 * What one round of following begins with.
 *
 * @param from where the rounds before came to; may be further than {@code newest}, if nothing had changed
 * @param newest the newest mark of the series; open during the round, and the parent of the mark that the round writes, if that is one of changes
 * @param image the newest image of the series, which may be the same mark; open during the round, and the parent of the mark that the round writes, if that is an image
 * @param imageAt the moment of the newest image of the series; nothing from before the newest image that is older than the retention can be forgotten, so a connector that writes changes writes an image from time to time
 * @param scheduled whether the plan's schedule asked for the round: the time for what is too dear to do in every round, such as looking at what leaves no trace in the source's history
 */
public record FollowRequest(
        Source source,
        FeedPosition from,
        RecoveryPointReader newest,
        RecoveryPointReader image,
        Instant imageAt,
        boolean scheduled) {}
