package dev.coffer.engine.recoverypoint;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.Vault;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one point that is marked as DELETING to its end: the repository forgets it, then its row and tags go. A crash in between leaves the mark, so that the next call does the rest.
 */
public final class PointDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(PointDeletion.class);

    private final Catalog catalog;
    private final Repositories repositories;

    public PointDeletion(Catalog catalog, Repositories repositories) {
        this.catalog = catalog;
        this.repositories = repositories;
    }

    /** Deletes the point; durable on return. A point that is gone, or not marked, is left as it is. */
    public void finish(RecoveryPoint point) throws InterruptedException {
        var vault = catalog.read(view -> isMarked(view.recoveryPoints().find(point.scope(), point.vault(), point.arn()))
                ? view.vaults().find(point.scope(), point.vault())
                : Optional.<Vault>empty());
        if (vault.isPresent()) {
            repositories.open(point.scope(), point.vault(), vault.get().id()).forget(new SessionId(point.sessionId()));
        }
        boolean removed = catalog.write(tx -> {
            if (!isMarked(tx.recoveryPoints().find(point.scope(), point.vault(), point.arn()))) {
                return false;
            }
            tx.recoveryPoints().delete(point);
            tx.tags().put(point.arn(), Tags.NONE);
            return true;
        });
        if (removed) {
            LOG.atInfo()
                    .addKeyValue("recoveryPoint", point.arn())
                    .addKeyValue("vault", point.vault())
                    .log("recovery point deleted");
        }
    }

    private static boolean isMarked(Optional<RecoveryPoint> found) {
        return found.filter(point -> point.status() == RecoveryPointStatus.DELETING)
                .isPresent();
    }
}
