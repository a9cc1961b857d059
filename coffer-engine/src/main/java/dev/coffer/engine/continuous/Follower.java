package dev.coffer.engine.continuous;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.RunnerId;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the rounds of all series that are due, some at once, each on a thread of its own. Any number of processes may do this; a lease gives each series to one of them. */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int AT_ONCE = 4;
    private static final int SEEN_AT_ONCE = 100;

    private final Catalog catalog;
    private final Rounds rounds;
    private final RunnerId runner;
    private final InstantSource clock;
    private final Map<String, Thread> threadByPoint = new ConcurrentHashMap<>();
    private final Loop loop;

    /** A follower that does nothing before {@link #start}. */
    public Follower(Catalog catalog, Rounds rounds, RunnerId runner, InstantSource clock, Duration period) {
        this.catalog = catalog;
        this.rounds = rounds;
        this.runner = runner;
        this.clock = clock;
        this.loop = new Loop("continuous backups", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** Begins the rounds that are due now, as far as there is room. */
    public void tick() {
        for (var series : catalog.read(view -> view.continuous().due(clock.instant(), SEEN_AT_ONCE))) {
            if (threadByPoint.size() >= AT_ONCE) {
                return;
            }
            begin(series);
        }
    }

    private void begin(Series series) {
        var key = series.scope() + " " + series.vault() + " " + series.point();
        if (threadByPoint.containsKey(key)) {
            return;
        }
        var thread = Thread.ofVirtual().name("follow " + series.resource()).unstarted(() -> {
            try {
                var _ = rounds.run(runner, series, false, (_, _) -> {}, (_, _) -> {});
            } catch (InterruptedException stopped) {
                LOG.atDebug().addKeyValue("point", series.point()).log("a round was stopped");
            } catch (RuntimeException failure) {
                // Its outcome could not be stored. The lease lapses, and the round comes again.
                LOG.atError()
                        .setCause(failure)
                        .addKeyValue("point", series.point())
                        .log("the outcome of a round could not be stored");
            } finally {
                threadByPoint.remove(key);
                loop.wake();
            }
        });
        threadByPoint.put(key, thread);
        thread.start();
    }

    /** Waits for the rounds that run now. */
    public void join() throws InterruptedException {
        for (var thread : List.copyOf(threadByPoint.values())) {
            thread.join();
        }
    }

    /** Begins nothing more, interrupts what runs and waits for it. */
    @Override
    public void close() {
        loop.close();
        var last = List.copyOf(threadByPoint.values());
        last.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (var thread : last) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException hurried) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
