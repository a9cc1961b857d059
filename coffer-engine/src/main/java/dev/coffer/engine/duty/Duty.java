package dev.coffer.engine.duty;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.RunnerId;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A duty that one process at a time has, of all that share the catalog: it takes the duty for half a minute and keeps it longer while it runs; when it dies, another takes over. A process that stood still may believe for a moment that
 * it still has the duty, so what must not happen twice asks again in its transaction. Safe for many threads.
 */
public final class Duty implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEW_BEFORE = Duration.ofSeconds(20);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private final Catalog catalog;
    private final String name;
    private final RunnerId runner;
    private final InstantSource clock;
    private final Loop loop;
    /** Until when it is this process's, and before when the catalog is not asked again; guarded by this object. */
    private Instant until = Instant.MIN;

    private Instant notBefore = Instant.MIN;

    /** A duty that nobody has taken for this process yet. */
    public Duty(Catalog catalog, String name, RunnerId runner, InstantSource clock) {
        this.catalog = catalog;
        this.name = name;
        this.runner = runner;
        this.clock = clock;
        this.loop = new Loop("duty " + name, ASK_AGAIN, this::isMine);
    }

    /** Starts the thread that keeps the duty during long work. */
    public void start() {
        loop.start();
    }

    /** Whether this process has the duty now; takes it if it is free. */
    public synchronized boolean isMine() {
        var now = clock.instant();
        boolean mine = now.isBefore(until);
        // A clock that was set back is no reason to wait.
        boolean soon = now.isBefore(notBefore) && now.plus(LEASE).isAfter(notBefore);
        if (soon || (mine && now.plus(RENEW_BEFORE).isBefore(until))) {
            return mine;
        }
        var end = now.plus(LEASE);
        boolean taken = catalog.<Boolean>write(tx -> tx.duties().take(name, runner, now, end));
        until = taken ? end : Instant.MIN;
        notBefore = taken ? Instant.MIN : now.plus(ASK_AGAIN);
        return taken;
    }

    /** Whether no other process has taken the duty from this one, as the transaction sees it. */
    public boolean isMine(Transaction tx) {
        return tx.duties().isHeld(name, runner);
    }

    /** Lets another process take the duty at once. */
    @Override
    public void close() {
        loop.close();
        catalog.<Boolean>write(tx -> {
            tx.duties().release(name, runner);
            return true;
        });
    }
}
