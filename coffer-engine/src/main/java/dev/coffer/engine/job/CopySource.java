package dev.coffer.engine.job;

import dev.coffer.core.catalog.View;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * What is read of a point that is copied: a snapshot itself, of a continuous backup its newest image.
 *
 * @param createdAt what the copy shows as its creation: that of the snapshot, or the moment of the image
 */
record CopySource(SessionId session, Instant createdAt) {
    /** Empty for a continuous backup without an image. */
    static Optional<CopySource> of(View view, RecoveryPoint point) {
        var series = view.continuous().find(point.scope(), point.vault(), point.arn());
        if (series.isEmpty()) {
            return Optional.of(new CopySource(new SessionId(point.sessionId()), point.createdAt()));
        }
        return view.continuous()
                .newestImage(series.get())
                .map(mark -> new CopySource(series.get().session(mark.number()), mark.at()));
    }
}
