package dev.coffer.engine.event;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.OutboxRows.Entry;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.EventSink;
import dev.coffer.core.event.SinkState;
import dev.coffer.engine.duty.Duty;
import dev.coffer.engine.event.DeliveryObserver.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the events to one sink. The position is stored after the sink has taken an event, so a crash in between brings the event again and loses none. A sink that the catalog no longer knows
 * gets nothing, and stays unknown. Of several processes, the one that has the duty delivers. Used by one thread.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int AT_ONCE = 100;

    private final Catalog catalog;
    private final EventSink sink;
    private final DeliveryRules rules;
    private final Duty duty;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final DeliveryObserver observer;

    Lane(
            Catalog catalog,
            EventSink sink,
            DeliveryRules rules,
            Duty duty,
            InstantSource clock,
            RandomGenerator random,
            DeliveryObserver observer) {
        this.observer = observer;
        this.catalog = catalog;
        this.sink = sink;
        this.rules = rules;
        this.duty = duty;
        this.clock = clock;
        this.random = random;
    }

    /** Delivers what waits until a delivery fails, if that is this process's duty. */
    void step() throws InterruptedException {
        while (duty.isMine()) {
            var state = catalog.read(view -> view.outbox().state(sink.name()));
            if (state.isEmpty() || !state.get().isDue(clock.instant(), rules.longestPause())) {
                return;
            }
            var waiting = catalog.read(view -> view.outbox().after(state.get().position(), AT_ONCE));
            if (waiting.isEmpty() || !deliver(waiting) || waiting.size() < AT_ONCE) {
                return;
            }
        }
    }

    private boolean deliver(List<Entry> waiting) throws InterruptedException {
        long passed = 0;
        for (var entry : waiting) {
            boolean wanted;
            try {
                wanted = sink.wants(entry.event());
            } catch (RuntimeException failure) {
                if (!giveUp(entry, failure)) {
                    return false;
                }
                passed = 0;
                continue;
            }
            if (!wanted) {
                passed = entry.position();
                continue;
            }
            if (!duty.isMine()) {
                return false;
            }
            try {
                sink.deliver(entry.event());
                observer.told(sink.channel(), Outcome.DELIVERED, 1);
            } catch (RuntimeException failure) {
                fail(passed, entry, failure);
                return false;
            }
            passed = 0;
            var now = clock.instant();
            if (!change(state -> state.taken(entry.position(), now))) {
                return false;
            }
        }
        long end = passed;
        return end == 0 || change(state -> state.passed(end));
    }

    /** An event that cannot be judged now never can. */
    private boolean giveUp(Entry entry, RuntimeException failure) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("event", "notification.failed")
                .addKeyValue("sink", sink.name())
                .addKeyValue("event_id", entry.event().id())
                .log("an event is given up, since it cannot be told whether it is for the sink");
        observer.told(sink.channel(), Outcome.GIVEN_UP, 1);
        return change(state -> state.buried(entry.position(), 1));
    }

    private void fail(long passed, Entry entry, RuntimeException failure) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        var now = clock.instant();
        var why = why(failure);
        var log = LOG.atWarn()
                .addKeyValue("event", "notification.failed")
                .addKeyValue("sink", sink.name())
                .addKeyValue("event_id", entry.event().id())
                .addKeyValue("why", why);
        (failure instanceof DeliveryException ? log : log.setCause(failure))
                .log("an event was not delivered; it stays for the next try");
        boolean dead = isTooOld(entry, now);
        observer.told(sink.channel(), dead ? Outcome.GIVEN_UP : Outcome.FAILED, 1);
        change(state -> {
            var failed = (passed == 0 ? state : state.passed(passed))
                    .failed(why, now, now.plus(rules.pause(state.attempts() + 1, random)));
            return dead ? failed.buried(entry.position(), 1) : failed;
        });
        if (dead) {
            bury(entry.position(), now);
        }
    }

    /** What is shown of a failure. */
    static String why(RuntimeException failure) {
        return switch (failure) {
            case DeliveryException told -> String.valueOf(told.getMessage());
            default -> "an internal error occurred; the log has it";
        };
    }

    /** Gives up all that has waited too long: an attempt for each would take longer than new ones take to come. */
    private void bury(long from, Instant now) {
        long position = from;
        while (true) {
            long behind = position;
            var waiting = catalog.read(view -> view.outbox().after(behind, AT_ONCE)).stream()
                    .takeWhile(entry -> isTooOld(entry, now))
                    .toList();
            if (waiting.isEmpty()) {
                return;
            }
            long dead = waiting.stream().filter(this::counts).count();
            observer.told(sink.channel(), Outcome.GIVEN_UP, dead);
            position = waiting.getLast().position();
            long to = position;
            if (!change(state -> state.buried(to, dead)) || waiting.size() < AT_ONCE) {
                return;
            }
        }
    }

    /** Whether an event that is given up was for the sink, as far as can be told. */
    private boolean counts(Entry entry) {
        try {
            return sink.wants(entry.event());
        } catch (RuntimeException untold) {
            return true;
        }
    }

    private boolean isTooOld(Entry entry, Instant now) {
        return entry.event().at().plus(rules.deadAfter()).isBefore(now);
    }

    private boolean change(UnaryOperator<SinkState> step) {
        return catalog.<Boolean>write(tx -> {
            // A process that stood still while another delivered must not move the position back.
            Optional<SinkState> state = duty.isMine(tx) ? tx.outbox().state(sink.name()) : Optional.empty();
            state.ifPresent(known -> tx.outbox().put(step.apply(known)));
            return state.isPresent();
        });
    }
}
