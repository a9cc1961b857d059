package dev.coffer.engine.legalhold;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the vaults record new holds, collects their points, releases those of cancelled ones, and removes old records: some in each transaction, so that a crash loses none of it and nobody waits long. */
public final class LegalHoldLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LegalHoldLoop.class);
    private static final int HOLDS_AT_ONCE = 100;

    private final Catalog catalog;
    private final TrustedClock trusted;
    private final HoldKeeper keeper;
    private final Runnable released;
    private final int pointsAtOnce;
    private final Loop loop;

    /**
     * A loop that does nothing before {@link #start}.
     *
     * @param released is told when points were released
     * @param pointsAtOnce in one transaction
     */
    public LegalHoldLoop(
            Catalog catalog,
            TrustedClock trusted,
            HoldKeeper keeper,
            Runnable released,
            int pointsAtOnce,
            Duration period) {
        this.catalog = catalog;
        this.trusted = trusted;
        this.keeper = keeper;
        this.released = released;
        this.pointsAtOnce = pointsAtOnce;
        this.loop = new Loop("legal holds", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Says that there is a new hold, or a cancelled one. */
    public void wake() {
        loop.wake();
    }

    /** Brings all holds to where they belong. */
    public void tick() throws InterruptedException {
        for (var hold : catalog.read(view -> view.legalHolds().unsettled(HOLDS_AT_ONCE))) {
            try {
                if (hold.isInForce()) {
                    keeper.seal(hold);
                }
                while (goesOn(hold)) {
                    // One transaction after the other.
                }
            } catch (RuntimeException failure) {
                LOG.atWarn()
                        .addKeyValue("legalHold", hold.arn())
                        .setCause(failure)
                        .log("a legal hold could not be brought on; it will be tried again");
            }
        }
        for (var hold : catalog.read(this::recordsToRemove)) {
            remove(hold);
        }
    }

    private List<LegalHold> recordsToRemove(View view) {
        var now = trusted.at(view);
        return now.isTrusted() ? view.legalHolds().recordsUntil(now.earliest(), HOLDS_AT_ONCE) : List.of();
    }

    private void remove(LegalHold hold) throws InterruptedException {
        try {
            keeper.forget(hold);
            catalog.<Boolean>write(tx -> {
                tx.tags().put(hold.arn(), Tags.NONE);
                tx.legalHolds().delete(hold);
                return true;
            });
        } catch (RuntimeException failure) {
            LOG.atWarn()
                    .addKeyValue("legalHold", hold.arn())
                    .setCause(failure)
                    .log("the record of a cancelled legal hold could not be removed; it will be tried again");
        }
    }

    /** Whether there is more to do for the hold. */
    private boolean goesOn(LegalHold hold) {
        boolean more = catalog.write(tx -> tx.legalHolds()
                .find(hold.scope(), hold.id())
                .filter(now -> switch (now.state()) {
                    case HoldState.Creating creating -> collected(tx, now, creating);
                    case HoldState.Canceling canceling -> trusted.at(tx).isTrusted() && released(tx, now, canceling);
                    case HoldState.Active _, HoldState.Canceled _ -> false;
                })
                .isPresent());
        if (!more) {
            released.run();
        }
        return more;
    }

    private boolean collected(Transaction tx, LegalHold hold, HoldState.Creating creating) {
        var names = hold.selection().vaultNames();
        var within = new RecoveryPointRows.Filter(
                names.size() == 1 ? Optional.of(new VaultName(names.getFirst())) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                // The list's bound is not part of it, and stored instants are milliseconds.
                Optional.of(hold.createdAt().plusMillis(1)),
                Optional.empty(),
                Optional.empty());
        var page = tx.recoveryPoints().list(hold.scope(), within, new PageRequest(pointsAtOnce, creating.cursor()));
        page.rows().stream()
                .filter(hold::takes)
                .forEach(point -> tx.legalHolds().hold(hold, point));
        tx.legalHolds().put(hold.in(page.next().<HoldState>map(creating::looked).orElseGet(creating::collected)));
        return page.next().isPresent();
    }

    private boolean released(Transaction tx, LegalHold hold, HoldState.Canceling canceling) {
        boolean more = tx.legalHolds().release(hold, pointsAtOnce) == pointsAtOnce;
        if (!more) {
            tx.legalHolds().put(hold.in(canceling.released()));
        }
        return more;
    }

    /** Stops; what is unfinished goes on at the next start. */
    @Override
    public void close() {
        loop.close();
    }
}
