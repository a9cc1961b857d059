package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.event.EventBench.digest;
import static dev.coffer.engine.event.EventBench.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DigestLoopTest {
    private final EngineBench bench;
    private final EventBench events;

    DigestLoopTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        events = new EventBench(bench);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** One step of a loop that was just made, as after a restart. */
    private void tick() throws InterruptedException {
        try (var loop = events.digestLoop()) {
            loop.tick();
        }
    }

    @Test
    void oneComesADayAtItsTimeHoweverOftenTheServerStarts() throws Exception {
        events.rules.put(ADMIN, rule("digest", "", digest("d", "12:00", "Europe/Berlin")));
        tick();
        assertThat(events.digests).as("10:00 UTC is 11:00 in Berlin").isEmpty();
        bench.clock.set(Instant.parse("2026-03-01T11:00:00Z"));
        tick();
        tick();
        assertThat(events.digests).hasSize(1);
        assertThat(events.digests.getFirst().from()).isEqualTo(Instant.parse("2026-02-28T11:00:00Z"));
        bench.clock.set(Instant.parse("2026-03-02T10:59:59Z"));
        tick();
        assertThat(events.digests).hasSize(1);
        bench.clock.set(Instant.parse("2026-03-02T11:00:00Z"));
        tick();
        tick();
        assertThat(events.digests).hasSize(2);
    }

    @Test
    void missedDaysAreMadeUpForByOneDigest() throws Exception {
        events.rules.put(ADMIN, rule("digest", "", digest("d", "09:00", "UTC")));
        bench.clock.set(Instant.parse("2026-03-05T15:00:00Z"));
        tick();
        tick();
        assertThat(events.digests).hasSize(1);
    }

    @Test
    void oneThatWasRefusedComesAgainAndOneThatMayHaveArrivedDoesNot() throws Exception {
        events.rules.put(ADMIN, rule("digest", "", digest("d", "10:30", "UTC")));
        bench.clock.set(Instant.parse("2026-03-01T10:30:00Z"));
        events.failure = Optional.of(new DeliveryException("the server is down"));
        tick();
        events.failure = Optional.empty();
        tick();
        assertThat(events.digests).as("not before the pause is over").isEmpty();
        bench.clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(events.digests).hasSize(1);

        bench.clock.set(Instant.parse("2026-03-02T10:30:00Z"));
        events.failure = Optional.of(new DeliveryException("no answer", true, new IllegalStateException("timeout")));
        tick();
        events.failure = Optional.empty();
        bench.clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(events.digests).hasSize(1);
        var state = events.rules.targets(ADMIN).getFirst().state().orElseThrow();
        assertThat(state.dead()).isEqualTo(1);
        assertThat(state.lastError()).contains("no answer");
    }

    @Test
    void aDigestThatIsLateLeavesNoGapBehindTheOneBefore() throws Exception {
        events.rules.put(ADMIN, rule("digest", "", digest("d", "10:30", "UTC")));
        bench.clock.set(Instant.parse("2026-03-01T10:30:00Z"));
        tick();
        bench.clock.set(Instant.parse("2026-03-03T15:00:00Z"));
        tick();
        bench.clock.set(Instant.parse("2026-03-04T10:30:00Z"));
        tick();
        assertThat(events.digests)
                .extracting(Digest::from)
                .containsExactly(
                        Instant.parse("2026-02-28T10:30:00Z"),
                        Instant.parse("2026-03-01T10:30:00Z"),
                        Instant.parse("2026-03-03T10:30:00Z"));
    }

    @Test
    void oneThatCannotBeOpenedComesLaterAndHoldsUpNoOther() throws Exception {
        events.rules.put(ADMIN, rule("a", "", digest("d", "10:30", "UTC", "broken.example.org")));
        events.rules.put(ADMIN, rule("b", "", digest("d", "10:30", "UTC")));
        events.unopenable.put("broken.example.org", new IllegalStateException("its secret cannot be read"));
        bench.clock.set(Instant.parse("2026-03-01T10:30:00Z"));
        tick();
        assertThat(events.digests).hasSize(1);
        var state = events.rules.targets(ADMIN).getFirst().state().orElseThrow();
        assertThat(state.lastError()).isPresent();
        assertThat(state.dead()).isZero();
        events.unopenable.clear();
        bench.clock.advance(Duration.ofSeconds(1));
        tick();
        assertThat(events.digests).as("none is lost").hasSize(2);
    }

    @Test
    void aDigestHoldsNoEventsBack() throws Exception {
        events.rules.put(ADMIN, rule("digest", "", digest("d", "10:30", "UTC")));
        events.emit(1);
        assertThat(events.rules.targets(ADMIN).getFirst().waiting()).isZero();
        bench.clock.advance(Duration.ofDays(30));
        assertThat(bench.catalog.<Integer>write(tx -> tx.outbox().deleteBefore(bench.clock.instant())))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "07:30, UTC,              2026-03-01T07:29:59Z, 2026-02-28",
        "07:30, UTC,              2026-03-01T07:30:00Z, 2026-03-01",
        "00:00, Europe/Berlin,    2026-03-01T23:00:00Z, 2026-03-02",
        "02:30, Europe/Berlin,    2026-03-29T00:59:59Z, 2026-03-28",
        "02:30, Europe/Berlin,    2026-03-29T01:30:00Z, 2026-03-29",
        "23:30, Pacific/Auckland, 2026-03-01T10:30:00Z, 2026-03-01"
    })
    void theLastDayIsThatOfTheZone(String at, String zone, String now, String day) {
        var spec = digest("d", at, zone).spec();
        assertThat(spec)
                .isInstanceOfSatisfying(
                        TargetSpec.DailyDigest.class,
                        digest -> assertThat(DigestLoop.lastDay(digest, Instant.parse(now)))
                                .isEqualTo(LocalDate.parse(day)));
    }
}
