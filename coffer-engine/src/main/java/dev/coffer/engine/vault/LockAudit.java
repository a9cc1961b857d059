package dev.coffer.engine.vault;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the locks of all vaults, and the legal holds, in the catalog with those in the vaults, at start and from time to time; the vaults win. */
public final class LockAudit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockAudit.class);

    private final Catalog catalog;
    private final LockKeeper keeper;
    private final Loop.Step holds;
    private final Loop loop;

    /**
     * A loop that does nothing before {@link #start}.
     *
     * @param holds compares the legal holds
     */
    public LockAudit(Catalog catalog, LockKeeper keeper, Loop.Step holds, Duration period) {
        this.catalog = catalog;
        this.keeper = keeper;
        this.holds = holds;
        this.loop = new Loop("lock audit", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Compares. */
    public void tick() throws InterruptedException {
        for (var vault : catalog.read(view -> view.vaults().all())) {
            try {
                var _ = keeper.agree(vault);
            } catch (RuntimeException failure) {
                LOG.atWarn()
                        .addKeyValue("vault", vault.arn())
                        .setCause(failure)
                        .log(
                                "the lock that a vault holds could not be compared with the catalog's; it will be tried again");
            }
        }
        holds.run();
    }

    @Override
    public void close() {
        loop.close();
    }
}
