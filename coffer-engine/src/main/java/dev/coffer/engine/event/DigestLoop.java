package dev.coffer.engine.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventTarget;
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
 * Sends digests, each at its time of day. The day is marked before a digest goes out, so that no crash sends one twice; a digest that is known not to have arrived is sent again the same day. A day whose time passed while no
 * server ran is made up for by the next start, the last one only.
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
        if (!due || !change(sink, state -> state.onDay(Optional.of(day.toString())))) {
            return;
        }
        var message = catalog.read(view -> Digests.of(view, rule.scope(), now.minus(SPAN), now));
        try (var outlet = outlets.digests(
                digest.way(), target.sealedSecret().map(sealer::unseal).map(Secret::new), rule)) {
            outlet.send(message);
        } catch (DeliveryException failure) {
            fail(sink, before.flatMap(SinkState::digestDay), failure);
            return;
        }
        change(sink, state -> state.taken(Long.MAX_VALUE, clock.instant()));
    }

    private void fail(String sink, Optional<String> dayBefore, DeliveryException failure) {
        var now = clock.instant();
        LOG.atWarn()
                .addKeyValue("event", "notification.failed")
                .addKeyValue("sink", sink)
                .addKeyValue("why", failure.getMessage())
                .log("a digest was not delivered");
        change(sink, state -> {
            var failed = state.failed(
                    String.valueOf(failure.getMessage()), now, now.plus(rules.pause(state.attempts() + 1, random)));
            return failure.isUnanswered() ? failed.buried(Long.MAX_VALUE, 1) : failed.onDay(dayBefore);
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
