package dev.coffer.engine.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.Outlets;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.event.TargetSpec.DailyDigest;
import dev.coffer.engine.access.SecretSealer;
import dev.coffer.engine.duty.Duty;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends digests, each at its time of day. A digest tells of the last 24 hours, or of all that was since the one before if that is longer ago. The day is marked before it goes out, so that no crash sends one twice; a
 * digest that is known not to have arrived is sent again the same day. A day whose time passed while no server ran is made up for by the next start, the last one only.
 */
public final class DigestLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DigestLoop.class);
    private static final Duration SPAN = Duration.ofHours(24);

    private final Catalog catalog;
    private final Outlets outlets;
    private final SecretSealer sealer;
    private final DeliveryRules rules;
    private final Duty duty;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Loop loop;

    /** A loop that does nothing before {@link #start}. */
    public DigestLoop(
            Catalog catalog,
            Outlets outlets,
            SecretSealer sealer,
            DeliveryRules rules,
            Duty duty,
            InstantSource clock,
            RandomGenerator random,
            Duration period) {
        this.catalog = catalog;
        this.outlets = outlets;
        this.sealer = sealer;
        this.rules = rules;
        this.duty = duty;
        this.clock = clock;
        this.random = random;
        this.loop = new Loop("digests", period, this::tick);
    }

    /** Starts the thread. */
    public void start() {
        loop.start();
    }

    /** The state of a target that was put now: its first digest comes at the next time of day. It reads no events, so it holds none back. */
    static SinkState fresh(String sink, DailyDigest digest, Instant now) {
        return SinkState.at(sink, Long.MAX_VALUE)
                .onDay(Optional.of(lastDay(digest, now).toString()));
    }

    /** The last day whose time of day has come, in the digest's zone. A time that a change of clocks leaves out comes with the change. */
    static LocalDate lastDay(DailyDigest digest, Instant now) {
        var today = now.atZone(digest.zone()).toLocalDate();
        var due = ZonedDateTime.of(today, digest.at(), digest.zone()).toInstant();
        return now.isBefore(due) ? today.minusDays(1) : today;
    }

    /** Sends what is due, if that is this process's duty. */
    public void tick() throws InterruptedException {
        if (!duty.isMine()) {
            return;
        }
        for (var rule : catalog.read(view -> view.eventRules().all())) {
            for (var target : rule.targets()) {
                if (rule.enabled() && target.spec() instanceof DailyDigest digest) {
                    sendIfDue(rule, target, digest);
                }
            }
        }
    }

    private void sendIfDue(EventRule rule, EventTarget target, DailyDigest digest) throws InterruptedException {
        var now = clock.instant();
        var sink = rule.sinkOf(target);
        var before = catalog.read(view -> view.outbox().state(sink));
        var day = lastDay(digest, now);
        boolean due = before.filter(state -> state.isDue(now, rules.longestPause()))
                .flatMap(SinkState::digestDay)
                .filter(sent -> LocalDate.parse(sent).isBefore(day))
                .isPresent();
        if (!due) {
            return;
        }
        var sent = before.flatMap(SinkState::digestDay);
        var dayAgo = now.minus(SPAN);
        var from = before.flatMap(SinkState::lastDeliveredAt)
                .filter(last -> last.isBefore(dayAgo))
                .orElse(dayAgo);
        Digest message;
        Outlet<Digest> outlet;
        try {
            message = catalog.read(view -> Digests.of(view, rule.scope(), from, now));
            outlet = outlets.digests(
                    digest.way(), target.sealedSecret().map(sealer::unseal).map(Secret::new), rule);
        } catch (RuntimeException failure) {
            fail(sink, sent, failure, false);
            return;
        }
        try (outlet) {
            if (!change(sink, state -> state.onDay(Optional.of(day.toString())))) {
                return;
            }
            outlet.send(message);
        } catch (DeliveryException failure) {
            fail(sink, sent, failure, failure.isUnanswered());
            return;
        }
        // What ends while it goes out is the next one's.
        change(sink, state -> state.taken(Long.MAX_VALUE, now));
    }

    /**
     * @param arrived whether it may have arrived all the same, so that it is not sent again
     */
    private void fail(String sink, Optional<String> dayBefore, RuntimeException failure, boolean arrived) {
        var now = clock.instant();
        var log = LOG.atWarn()
                .addKeyValue("event", "notification.failed")
                .addKeyValue("sink", sink)
                .addKeyValue("why", Lane.why(failure));
        (failure instanceof DeliveryException ? log : log.setCause(failure)).log("a digest was not delivered");
        change(sink, state -> {
            var failed = state.failed(Lane.why(failure), now, now.plus(rules.pause(state.attempts() + 1, random)));
            return arrived ? failed.buried(Long.MAX_VALUE, 1) : failed.onDay(dayBefore);
        });
    }

    private boolean change(String sink, UnaryOperator<SinkState> step) {
        return catalog.<Boolean>write(tx -> {
            var state = tx.outbox().state(sink);
            state.ifPresent(known -> tx.outbox().put(step.apply(known)));
            return state.isPresent();
        });
    }

    @Override
    public void close() {
        loop.close();
    }
}
