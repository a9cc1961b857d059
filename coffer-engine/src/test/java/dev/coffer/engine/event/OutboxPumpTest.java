package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventSink;
import dev.coffer.core.event.SinkState;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.event.Recipients.Recipient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxPumpTest {
    private static final Duration DEAD_AFTER = Duration.ofHours(10);

    private final EngineBench bench;

    OutboxPumpTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Remembers what it was told; refuses while it is told to. */
    private static class Remembering implements EventSink {
        private final String name;
        private final List<UUID> seen = new ArrayList<>();
        private int refuseAfter = Integer.MAX_VALUE;
        private int calls;

        Remembering(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String channel() {
            return "memory";
        }

        @Override
        public void deliver(Event event) {
            calls++;
            if (seen.size() >= refuseAfter) {
                throw new DeliveryException("the sink is full");
            }
            seen.add(event.id());
        }
    }

    private OutboxPump pump(Catalog catalog, List<EventSink> sinks, Recipients recipients, Duration period) {
        var rules = new DeliveryRules(Duration.ofSeconds(1), Duration.ofMinutes(5), DEAD_AFTER);
        return new OutboxPump(
                catalog, sinks, recipients, rules, bench.duty(catalog, "events"), bench.clock, new Random(7), period);
    }

    private OutboxPump pump(EventSink... sinks) {
        return pump(bench.catalog, List.of(sinks), List::of, Duration.ofHours(1));
    }

    private List<UUID> emitted(int count) {
        for (int i = 0; i < count; i++) {
            var event = new Event(
                    bench.ids.get(), "Test", ADMIN.scope(), bench.clock.instant(), List.of(), Map.of("number", (long)
                            i));
            bench.write(tx -> tx.emit(event));
        }
        return bench.events().stream().map(Event::id).toList();
    }

    private SinkState state(String sink) {
        return bench.catalog.read(view -> view.outbox().state(sink)).orElseThrow();
    }

    @Test
    void everySinkGetsAllEventsInTheOrderOfTheirCommits() throws Exception {
        var first = new Remembering("first");
        var second = new Remembering("second");
        var all = emitted(105);

        try (var pump = pump(first, second)) {
            pump.tick();
            pump.tick();
        }

        assertThat(first.seen).isEqualTo(all);
        assertThat(second.seen).isEqualTo(all);
        assertThat(state("first").delivered()).isEqualTo(105);
    }

    @Test
    void aSinkThatFailsGetsTheSameEventAgainAfterAPauseAndHoldsUpNoOther() throws Exception {
        var failing = new Remembering("failing");
        failing.refuseAfter = 2;
        var healthy = new Remembering("healthy");
        var all = emitted(5);

        try (var pump = pump(failing, healthy)) {
            pump.tick();
            assertThat(failing.seen).isEqualTo(all.subList(0, 2));
            assertThat(healthy.seen).isEqualTo(all);
            assertThat(state("failing").lastError()).contains("the sink is full");
            failing.refuseAfter = Integer.MAX_VALUE;
            pump.tick();
            assertThat(failing.seen).as("not before the pause is over").hasSize(2);
            bench.clock.advance(Duration.ofSeconds(1));
            pump.tick();
        }

        assertThat(failing.seen).isEqualTo(all);
        assertThat(state("failing").attempts()).isZero();
        assertThat(state("failing").lastError()).isEmpty();
    }

    @Test
    void pausesGrowToTheirBoundAndDifferFromEachOther() throws Exception {
        var failing = new Remembering("failing");
        failing.refuseAfter = 0;
        emitted(1);
        var pauses = new ArrayList<Duration>();
        try (var pump = pump(failing)) {
            for (int attempt = 1; attempt <= 12; attempt++) {
                pump.tick();
                var pause = Duration.between(
                        bench.clock.instant(), state("failing").notBefore().orElseThrow());
                long whole =
                        Math.min(1000L << (attempt - 1), Duration.ofMinutes(5).toMillis());
                assertThat(pause.toMillis()).isBetween(whole / 2, whole);
                pauses.add(pause);
                bench.clock.advance(pause);
            }
        }
        assertThat(failing.calls).isEqualTo(12);
        assertThat(pauses.subList(9, 12)).doesNotHaveDuplicates();
    }

    @Test
    void aRestartGoesOnWhereTheSinkWas() throws Exception {
        emitted(3);
        try (var pump = pump(new Remembering("sink"))) {
            pump.tick();
        }
        var all = emitted(2);
        var later = new Remembering("sink");

        try (var pump = pump(later)) {
            pump.tick();
        }

        assertThat(later.seen).isEqualTo(all.subList(3, 5));
    }

    @Test
    void aCrashBetweenDeliveryAndPositionBringsTheEventAgainAndLosesNone() throws Exception {
        emitted(3);
        var sink = new Remembering("sink");
        try (var pump = pump(sink)) {
            pump.tick();
        }
        var all = emitted(2);
        try (var pump = pump(new Dying(bench.catalog), List.of(sink), List::of, Duration.ofHours(1))) {
            assertThatThrownBy(pump::tick).hasMessage("the process died");
        }
        assertThat(sink.seen).isEqualTo(all.subList(0, 4));

        var again = new Remembering("sink");
        try (var pump = pump(again)) {
            pump.tick();
        }
        assertThat(again.seen).isEqualTo(all.subList(3, 5));
    }

    @Test
    void whatADeadSinkHasNotTakenInTimeIsCountedAndGivenUp() throws Exception {
        var dead = new Remembering("dead");
        dead.refuseAfter = 0;
        emitted(150);
        try (var pump = pump(dead)) {
            pump.tick();
            bench.clock.advance(DEAD_AFTER.plusSeconds(1));
            var all = emitted(2);
            pump.tick();
            assertThat(state("dead").dead()).isEqualTo(150);
            assertThat(dead.calls).as("one attempt for all that is too old").isEqualTo(2);
            dead.refuseAfter = Integer.MAX_VALUE;
            bench.clock.advance(Duration.ofMinutes(5));
            pump.tick();
            assertThat(dead.seen).isEqualTo(all.subList(150, 152));
        }
        assertThat(state("dead").delivered()).isEqualTo(2);
    }

    @Test
    void aSinkThatTheCatalogForgetsGetsNothingAndStaysForgotten() throws Exception {
        var sink = new Remembering("gone");
        var recipients = new ArrayList<>(List.of(new Recipient("gone", 1, () -> sink)));
        bench.write(tx -> tx.outbox().put(SinkState.at("gone", 0)));
        try (var pump = pump(bench.catalog, List.of(), () -> recipients, Duration.ofHours(1))) {
            emitted(1);
            pump.tick();
            bench.write(tx -> tx.outbox().forget("gone"));
            emitted(1);
            pump.tick();
        }
        assertThat(sink.seen).hasSize(1);
        assertThat(bench.catalog.<Boolean>read(
                        view -> view.outbox().state("gone").isEmpty()))
                .isTrue();
    }

    @Test
    void anEventThatCannotBeJudgedIsGivenUpAndHoldsUpNoOther() throws Exception {
        var all = emitted(4);
        Remembering sink = new Remembering("judge") {
            @Override
            public boolean wants(Event event) {
                if (event.id().equals(all.get(1))) {
                    throw new IllegalStateException("no judgement");
                }
                return !event.id().equals(all.get(2));
            }
        };
        try (var pump = pump(sink)) {
            pump.tick();
            assertThat(sink.seen).containsExactly(all.get(0), all.get(3));
            assertThat(state("judge").dead()).isEqualTo(1);
            assertThat(state("judge").delivered()).isEqualTo(2);

            sink.refuseAfter = 0;
            emitted(1);
            bench.clock.advance(DEAD_AFTER.plusSeconds(1));
            pump.tick();
            assertThat(state("judge").dead()).isEqualTo(2);
        }
    }

    @Test
    void aSinkThatCannotBeOpenedIsTriedWithPausesAndKeepsEventsNoLongerThanOthers() throws Exception {
        var sink = new Remembering("late");
        var tries = new AtomicInteger();
        var open = new AtomicBoolean();
        Supplier<EventSink> supplier = () -> {
            tries.incrementAndGet();
            if (!open.get()) {
                throw new IllegalStateException("its secret cannot be read");
            }
            return sink;
        };
        bench.write(tx -> tx.outbox().put(SinkState.at("late", 0)));
        emitted(3);
        var recipient = new Recipient("late", 1, supplier);
        try (var pump = pump(bench.catalog, List.of(), () -> List.of(recipient), Duration.ofHours(1))) {
            for (int i = 0; i < 20; i++) {
                pump.tick();
            }
            assertThat(tries.get())
                    .as("once to open, once to deliver, then a pause")
                    .isEqualTo(2);
            assertThat(state("late").lastError()).isPresent();
            bench.clock.advance(DEAD_AFTER.plusSeconds(1));
            var all = emitted(1);
            pump.tick();
            assertThat(state("late").dead()).isEqualTo(3);
            open.set(true);
            bench.clock.advance(Duration.ofMinutes(5));
            pump.tick();
            assertThat(sink.seen).containsExactly(all.getLast());
        }
    }

    @Test
    void aSinkThatHangsHoldsUpNoOtherAndTheEndOfNothing() throws Exception {
        var hanging = new CountDownLatch(1);
        var taken = new Semaphore(0);
        EventSink stuck = new EventSink() {
            @Override
            public String name() {
                return "stuck";
            }

            @Override
            public String channel() {
                return "stuck";
            }

            @Override
            public void deliver(Event event) throws InterruptedException {
                hanging.await();
            }
        };
        EventSink healthy = new EventSink() {
            @Override
            public String name() {
                return "healthy";
            }

            @Override
            public String channel() {
                return "healthy";
            }

            @Override
            public void deliver(Event event) {
                taken.release();
            }
        };
        emitted(3);
        try (var pump = pump(bench.catalog, List.of(stuck, healthy), List::of, Duration.ofMillis(5))) {
            pump.start();
            assertThat(taken.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(state("stuck").position()).isZero();
        assertThat(state("healthy").delivered()).isEqualTo(3);
    }

    @Test
    void aClockThatWasSetBackHoldsASinkUpNoLongerThanTheLongestPause() {
        var state = SinkState.at("sink", 0).failed("why", START, START.plusSeconds(60));
        assertThat(state.isDue(START, Duration.ofMinutes(5))).isFalse();
        assertThat(state.isDue(START.plusSeconds(60), Duration.ofMinutes(5))).isTrue();
        assertThat(state.isDue(START.minus(Duration.ofDays(30)), Duration.ofMinutes(5)))
                .isTrue();
    }

    /** Lets the process die in the transaction that would store a position. */
    private record Dying(Catalog catalog) implements Catalog {
        @Override
        public <T> T read(Function<View, T> body) {
            return catalog.read(body);
        }

        @Override
        public <T> T write(Function<Transaction, T> body) {
            return catalog.write(tx -> {
                var before = tx.outbox().state("sink").map(SinkState::delivered);
                var result = body.apply(tx);
                if (!tx.outbox().state("sink").map(SinkState::delivered).equals(before)) {
                    throw new IllegalStateException("the process died");
                }
                return result;
            });
        }

        @Override
        public void close() {}
    }
}
