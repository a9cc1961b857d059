package dev.coffer.engine.duty;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread at a time, of all processes that share the catalog, do something short. Waits for its turn. Safe for many threads. */
public final class Turns {
    /** Longer than anything short takes, and no longer than somebody waits when a process died in its turn. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int LOOKS = 900;

    private final Catalog catalog;
    private final String name;
    private final RunnerId runner;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** What is done in a turn. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    public Turns(Catalog catalog, String name, RunnerId runner, InstantSource clock) {
        this.catalog = catalog;
        this.name = name;
        this.runner = runner;
        this.clock = clock;
    }

    /**
     * Runs the work when it is this thread's turn.
     *
     * @throws Refused SERVICE_UNAVAILABLE if it is another's for more than a minute
     */
    public <T> T inTurn(Work<T> work) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            take();
            try {
                return work.run();
            } finally {
                catalog.<Boolean>write(tx -> {
                    tx.duties().release(name, runner);
                    return true;
                });
            }
        } finally {
            lock.unlock();
        }
    }

    private void take() throws InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            boolean taken = catalog.<Boolean>write(tx -> {
                var now = clock.instant();
                return tx.duties().take(name, runner, now, now.plus(LEASE));
            });
            if (taken) {
                return;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        }
        throw new Refused(Problem.of(
                Problem.Kind.SERVICE_UNAVAILABLE, "Another node makes or deletes a backup vault. Try again."));
    }
}
