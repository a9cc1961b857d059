package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventSink;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxPumpTest {
    private final EngineBench bench;

    OutboxPumpTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Remembers what it was told; refuses while it is told to. */
    private static final class Remembering implements EventSink {
        private final String name;
        private final List<UUID> seen = new ArrayList<>();
        private int refuseAfter = Integer.MAX_VALUE;

        Remembering(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void deliver(Event event) {
            if (seen.size() >= refuseAfter) {
                throw new IllegalStateException("the sink is full");
            }
            seen.add(event.id());
        }
    }

    private List<UUID> emitted(int count) {
        for (int i = 0; i < count; i++) {
            var event = new Event(bench.ids.get(), "Test", ADMIN.scope(), START, List.of(), Map.of("number", (long) i));
            bench.write(tx -> tx.emit(event));
        }
        return bench.events().stream().map(Event::id).toList();
    }

    @Test
    void everySinkGetsAllEventsInTheOrderOfTheirCommits() throws Exception {
        var first = new Remembering("first");
        var second = new Remembering("second");
        var all = emitted(105);

        try (var pump = new OutboxPump(bench.catalog, List.of(first, second), Duration.ofHours(1))) {
            pump.tick();
            pump.tick();
        }

        assertThat(first.seen).isEqualTo(all);
        assertThat(second.seen).isEqualTo(all);
    }

    @Test
    void aSinkThatFailsGetsTheSameEventAgainAndHoldsUpNoOther() throws Exception {
        var failing = new Remembering("failing");
        failing.refuseAfter = 2;
        var healthy = new Remembering("healthy");
        var all = emitted(5);

        try (var pump = new OutboxPump(bench.catalog, List.of(failing, healthy), Duration.ofHours(1))) {
            pump.tick();
            assertThat(failing.seen).isEqualTo(all.subList(0, 2));
            assertThat(healthy.seen).isEqualTo(all);
            failing.refuseAfter = Integer.MAX_VALUE;
            pump.tick();
        }

        assertThat(failing.seen).isEqualTo(all);
        assertThat(healthy.seen).isEqualTo(all);
    }

    @Test
    void aRestartGoesOnWhereTheSinkWas() throws Exception {
        emitted(3);
        try (var pump = new OutboxPump(bench.catalog, List.of(new Remembering("sink")), Duration.ofHours(1))) {
            pump.tick();
        }
        var all = emitted(2);
        var later = new Remembering("sink");

        try (var pump = new OutboxPump(bench.catalog, List.of(later), Duration.ofHours(1))) {
            pump.tick();
        }

        assertThat(later.seen).isEqualTo(all.subList(3, 5));
    }
}
