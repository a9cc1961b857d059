package dev.coffer.engine.vault;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the storage keep the points of vaults whose lock is permanent, where the storage can, so that neither the catalog nor this program can delete them early. A point is kept until its retention ends; one without end
 * for {@link #HORIZON} at a time, renewed at half of it. A lock that can still be taken off binds the storage to nothing.
 */
public final class RetentionLoop implements AutoCloseable {
    /** How long a point without end is kept at a time. */
    public static final Duration HORIZON = Duration.ofDays(90);

    private static final Logger LOG = LoggerFactory.getLogger(RetentionLoop.class);
    private static final int AT_ONCE = 100;

    private final Catalog catalog;
    private final Repositories repositories;
    private final TrustedClock trusted;
    private final Loop loop;

    /** A loop that does nothing before {@link #start}. */
    public RetentionLoop(Catalog catalog, Repositories repositories, TrustedClock trusted, Duration period) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.trusted = trusted;
        this.loop = new Loop("storage retention", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Says that a point was made or a lock was put. */
    public void wake() {
        loop.wake();
    }

    /** What is to be kept of a vault, by the clock. */
    private record Work(VaultClock clock, List<RecoveryPoint> points) {}

    /** Tells the storage what is new. */
    public void tick() throws InterruptedException {
        for (var vault : catalog.read(view -> view.vaults().all())) {
            try {
                while (retainSome(vault)) {
                    // There may be more.
                }
            } catch (RuntimeException failure) {
                LOG.atWarn()
                        .addKeyValue("vault", vault.arn())
                        .setCause(failure)
                        .log(
                                "the storage of a locked vault could not be told to keep its points; it will be tried again");
            }
        }
    }

    private boolean retainSome(Vault vault) throws InterruptedException {
        var work = catalog.read(view -> {
            var now = trusted.at(view);
            return new Work(
                    now,
                    view.locks().of(vault).isPermanent(now)
                            ? view.recoveryPoints()
                                    .unretained(
                                            vault.scope(),
                                            vault.name(),
                                            now.latest().plus(HORIZON.dividedBy(2)),
                                            AT_ONCE)
                            : List.of());
        });
        for (var point : work.points()) {
            var until = point.expiresAt().orElse(work.clock().latest().plus(HORIZON));
            repositories.open(vault.scope(), vault.name(), vault.id()).retain(new SessionId(point.sessionId()), until);
            catalog.<Boolean>write(tx -> {
                tx.recoveryPoints().retained(point, until);
                return true;
            });
        }
        return work.points().size() == AT_ONCE;
    }

    @Override
    public void close() {
        loop.close();
    }
}
