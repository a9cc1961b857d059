package dev.coffer.engine.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.job.RunnerId;
import dev.coffer.engine.EngineBench;
import dev.coffer.testkit.catalog.CatalogUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node at a time does. */
final class DutyTest {
    private final EngineBench bench;

    DutyTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Duty duty(String node) {
        return new Duty(bench.catalog, "work", new RunnerId(node, "1"), bench.clock);
    }

    @Test
    void oneNodeHasItAndKeepsItWhileItAsks() {
        try (var a = duty("a");
                var b = duty("b")) {
            assertThat(a.isMine()).isTrue();
            for (int i = 0; i < 20; i++) {
                bench.clock.advance(Duration.ofSeconds(9));
                assertThat(a.isMine()).isTrue();
                assertThat(b.isMine()).isFalse();
            }
        }
    }

    @Test
    void anotherTakesOverWhenItsNodeDiesOrEnds() {
        var dead = duty("dead");
        assertThat(dead.isMine()).isTrue();
        try (var next = duty("next")) {
            assertThat(next.isMine()).isFalse();
            bench.clock.advance(Duty.LEASE);
            assertThat(next.isMine()).isTrue();
            assertThat(dead.isMine()).isFalse();
            boolean still = bench.catalog.<Boolean>write(dead::isMine);
            assertThat(still).isFalse();
        }
        bench.clock.advance(Duration.ofSeconds(5));
        assertThat(dead.isMine()).as("released at once").isTrue();
        dead.close();
    }

    @Test
    void whoWaitsAsksTheCatalogEveryFiveSecondsAndNotAtEachStep() {
        var a = duty("a");
        try (var b = duty("b")) {
            assertThat(a.isMine()).isTrue();
            assertThat(b.isMine()).isFalse();
            a.close();
            bench.clock.advance(Duration.ofSeconds(4));
            assertThat(b.isMine()).isFalse();
            bench.clock.advance(Duration.ofSeconds(1));
            assertThat(b.isMine()).isTrue();
        }
    }

    @Test
    void turnsOfSeveralNodesDoNotOverlap() {
        var inside = new AtomicInteger();
        var tasks = new ArrayList<Callable<Integer>>();
        for (int node = 0; node < 3; node++) {
            var turns = new Turns(bench.catalog, "short", new RunnerId("node-" + node, "1"), bench.clock);
            for (int thread = 0; thread < 2; thread++) {
                tasks.add(() -> turns.inTurn(() -> {
                    int seen = inside.incrementAndGet();
                    inside.decrementAndGet();
                    return seen;
                }));
            }
        }
        assertThat(CatalogUnderTest.together(tasks)).hasSize(6).containsOnly(1);
    }

    @Test
    void aTurnEndsAlsoIfItsWorkFails() throws InterruptedException {
        var a = new Turns(bench.catalog, "short", new RunnerId("a", "1"), bench.clock);
        var b = new Turns(bench.catalog, "short", new RunnerId("b", "1"), bench.clock);
        assertThatThrownBy(() -> a.inTurn(() -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(b.<Integer>inTurn(() -> 7)).isEqualTo(7);
    }
}
