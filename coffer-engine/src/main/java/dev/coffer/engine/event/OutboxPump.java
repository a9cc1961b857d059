package dev.coffer.engine.event;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.EventSink;
import dev.coffer.core.event.SinkState;
import dev.coffer.engine.duty.Duty;
import dev.coffer.engine.event.Recipients.Recipient;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings committed events to the sinks: to each at least once, in the order of their commits, from a stored position. A sink that fails gets the same event again after a pause, and holds up no other,
 * since each has its own thread. Recipients come and go while this runs.
 */
public final class OutboxPump implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPump.class);

    private final Catalog catalog;
    private final List<EventSink> always;
    private final Recipients recipients;
    private final DeliveryRules rules;
    private final Duty duty;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Duration period;
    private final Loop loop;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicReference<DeliveryObserver> observer = new AtomicReference<>((_, _, _) -> {});
    /** Guarded by this object. */
    private final Map<String, Open> openByName = new HashMap<>();

    private record Open(Object likeness, EventSink sink, Lane lane, Loop loop) {
        void end() {
            loop.close();
            sink.close();
        }
    }

    /**
     * A pump that does nothing before {@link #start}.
     *
     * @param always sinks that always get all events
     * @param recipients looked at every period
     * @param duty of several processes, the one that has it delivers
     * @param period how often the outbox is looked at
     */
    public OutboxPump(
            Catalog catalog,
            List<EventSink> always,
            Recipients recipients,
            DeliveryRules rules,
            Duty duty,
            InstantSource clock,
            RandomGenerator random,
            Duration period) {
        this.catalog = catalog;
        this.always = List.copyOf(always);
        this.recipients = recipients;
        this.rules = rules;
        this.duty = duty;
        this.clock = clock;
        this.random = random;
        this.period = period;
        this.loop = new Loop("recipients of events", period, this::look);
    }

    /** Whom to tell how deliveries go. */
    public void onDelivery(DeliveryObserver listener) {
        observer.set(listener);
    }

    /** How many events the sinks of each channel have not taken or passed yet. */
    public Map<String, Long> waitingByChannel() {
        var channelByName = new HashMap<String, String>();
        synchronized (this) {
            openByName.forEach(
                    (name, open) -> channelByName.put(name, open.sink().channel()));
        }
        return catalog.read(view -> {
            var waiting = new HashMap<String, Long>();
            channelByName.forEach((name, channel) -> view.outbox()
                    .state(name)
                    .ifPresent(state ->
                            waiting.merge(channel, Math.max(0, view.outbox().last() - state.position()), Long::sum)));
            return waiting;
        });
    }

    /** Starts a thread for each sink. */
    public void start() {
        started.set(true);
        loop.start();
    }

    /** Lets changed recipients come and go at once. */
    public void wake() {
        loop.wake();
    }

    /** Delivers all that waits to every sink that takes it. */
    public void tick() throws InterruptedException {
        look();
        List<Open> all;
        synchronized (this) {
            all = List.copyOf(openByName.values());
        }
        for (var open : all) {
            open.lane().step();
        }
    }

    private synchronized void look() {
        for (var sink : always) {
            if (!openByName.containsKey(sink.name())) {
                introduce(sink);
                open(new Recipient(sink.name(), sink, () -> sink), sink);
            }
        }
        var names = new HashSet<String>();
        always.forEach(sink -> names.add(sink.name()));
        for (var recipient : recipients.now()) {
            names.add(recipient.name());
            var known = openByName.get(recipient.name());
            if (known != null && !known.likeness().equals(recipient.likeness())) {
                openByName.remove(recipient.name());
                known.end();
                known = null;
            }
            if (known == null) {
                open(recipient, sinkOf(recipient));
            }
        }
        for (var name : List.copyOf(openByName.keySet())) {
            if (!names.contains(name)) {
                var gone = openByName.remove(name);
                if (gone != null) {
                    gone.end();
                }
            }
        }
    }

    private void introduce(EventSink sink) {
        catalog.<Boolean>write(tx -> {
            if (tx.outbox().state(sink.name()).isEmpty()) {
                tx.outbox().put(SinkState.at(sink.name(), 0));
            }
            return true;
        });
    }

    private static EventSink sinkOf(Recipient recipient) {
        try {
            return recipient.open().get();
        } catch (RuntimeException unusable) {
            LOG.atWarn()
                    .addKeyValue("sink", recipient.name())
                    .setCause(unusable)
                    .log("a target cannot be opened; it will be tried again");
            return new UnopenedSink(recipient);
        }
    }

    private void open(Recipient recipient, EventSink sink) {
        var lane = new Lane(
                catalog,
                sink,
                rules,
                duty,
                clock,
                random,
                (channel, outcome, events) -> observer.get().told(channel, outcome, events));
        var open = new Open(
                recipient.likeness(), sink, lane, new Loop("events to " + recipient.name(), period, lane::step));
        openByName.put(recipient.name(), open);
        if (started.get()) {
            open.loop().start();
        }
    }

    /** Stops; an event that is being delivered comes again at the next start. */
    @Override
    public void close() {
        loop.close();
        synchronized (this) {
            openByName.values().forEach(Open::end);
            openByName.clear();
        }
    }
}
