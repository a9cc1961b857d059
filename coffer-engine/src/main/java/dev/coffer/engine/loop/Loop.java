package dev.coffer.engine.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step again and again in a virtual thread of its own: at once when woken, and by period otherwise. A step that throws is logged and comes again; no
 * failure ends the loop. Safe for many threads.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** What is repeated. Interruption means stop. */
    @FunctionalInterface
    public interface Step {
        void run() throws InterruptedException;
    }

    private final String name;
    private final Duration period;
    private final Step step;
    private final Semaphore wakes = new Semaphore(0);
    private final AtomicReference<Optional<Thread>> thread = new AtomicReference<>(Optional.empty());

    /** A loop that does nothing before {@link #start}. */
    public Loop(String name, Duration period, Step step) {
        this.name = name;
        this.period = period;
        this.step = step;
    }

    /** Starts the thread, whose first step comes at once. A repeat changes nothing. */
    public void start() {
        var fresh = Optional.of(Thread.ofVirtual().name(name).unstarted(this::repeat));
        if (thread.compareAndSet(Optional.empty(), fresh)) {
            fresh.get().start();
        }
    }

    /** Lets the next step come at once. Costs nothing; several wakes before the step are one. */
    public void wake() {
        wakes.release();
    }

    private void repeat() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    step.run();
                } catch (RuntimeException failure) {
                    if (Thread.currentThread().isInterrupted()) {
                        return;
                    }
                    LOG.atWarn().addKeyValue("loop", name).setCause(failure).log("a step failed and will come again");
                }
                if (wakes.tryAcquire(period.toNanos(), TimeUnit.NANOSECONDS)) {
                    wakes.drainPermits();
                }
            }
        } catch (InterruptedException stop) {
            LOG.atDebug().addKeyValue("loop", name).log("stopped");
        }
    }

    /** Interrupts the step and waits for the end of the thread. */
    @Override
    public void close() {
        var running = thread.get();
        if (running.isEmpty()) {
            return;
        }
        running.get().interrupt();
        boolean interrupted = false;
        while (running.get().isAlive()) {
            try {
                running.get().join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
