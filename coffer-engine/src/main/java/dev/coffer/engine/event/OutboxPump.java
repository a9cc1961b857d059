package dev.coffer.engine.event;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.EventSink;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings committed events to the sinks: to each at least once, in the order of their commits, from a stored position. A sink that fails gets the same event again at the next step, and holds up no
 * other sink, since each has its own thread.
 */
public final class OutboxPump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPump.class);
    private static final int AT_ONCE = 100;

    private final Catalog catalog;
    private final List<EventSink> sinks;
    private final List<Loop> loops;

    /**
     * A pump that does nothing before {@link #start}.
     *
     * @param period how often the outbox is looked at
     */
    public OutboxPump(Catalog catalog, List<EventSink> sinks, Duration period) {
        this.catalog = catalog;
        this.sinks = List.copyOf(sinks);
        this.loops = this.sinks.stream()
                .map(sink -> new Loop("events to " + sink.name(), period, () -> pump(sink)))
                .toList();
    }

    /** Starts a thread for each sink. */
    public void start() {
        loops.forEach(Loop::start);
    }

    /** Delivers all that waits to every sink that takes it. */
    public void tick() throws InterruptedException {
        for (var sink : sinks) {
            try {
                pump(sink);
            } catch (RuntimeException refused) {
                LOG.atWarn().addKeyValue("sink", sink.name()).setCause(refused).log("events are kept for the next try");
            }
        }
    }

    private void pump(EventSink sink) throws InterruptedException {
        while (true) {
            var waiting = catalog.read(view -> view.outbox().after(view.outbox().positionOf(sink.name()), AT_ONCE));
            for (var entry : waiting) {
                sink.deliver(entry.event());
                catalog.<Boolean>write(tx -> {
                    tx.outbox().advance(sink.name(), entry.position());
                    return true;
                });
            }
            if (waiting.size() < AT_ONCE) {
                return;
            }
        }
    }

    /** Stops; an event that is being delivered comes again at the next start. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
