package dev.coffer.engine.clock;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.clock.Heartbeat;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.TimeReading;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.problem.Problem;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrustedClockTest {
    private static final Duration YEARS = Duration.ofDays(3650);

    private final AtomicBoolean online = new AtomicBoolean();
    private final EngineBench bench;

    TrustedClockTest(@TempDir Path folder) {
        bench = new EngineBench(folder, this::readings);
    }

    private List<TimeReading> readings() {
        var now = online.get() ? trueTime() : Optional.<java.time.Instant>empty();
        return now.map(at -> List.of(new TimeReading("a", at), new TimeReading("b", at)))
                .orElse(List.of());
    }

    private Optional<java.time.Instant> trueTime() {
        return Optional.of(bench.trueTime());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private VaultClock now(TrustedClock clock) {
        return bench.catalog.read(clock::at);
    }

    private Suspicion.Reason reason(TrustedClock clock) {
        return now(clock).suspicion().orElseThrow().reason();
    }

    @Test
    void aDecisionCountsOnFromTheLastLineWithoutWaitingForTheNext() {
        bench.clock.advance(Duration.ofMinutes(7));
        assertThat(now(bench.trusted).earliest()).isEqualTo(START.plus(Duration.ofMinutes(7)));
        assertThat(now(bench.trusted).isTrusted()).isTrue();
    }

    @Test
    void aJumpIsSuspectAtOnceAndStaysSoWhenTheHostsClockComesBack() throws Exception {
        bench.setClockBy(YEARS);
        assertThat(reason(bench.trusted)).isEqualTo(Suspicion.Reason.JUMPED);
        bench.trusted.tick();
        bench.setClockBy(YEARS.negated());
        bench.trusted.tick();
        assertThat(reason(bench.trusted)).isEqualTo(Suspicion.Reason.JUMPED);
        assertThat(now(bench.trusted).earliest()).isEqualTo(START);
    }

    @Test
    void aProcessThatStandsStillWhileItReadsTheClocksLosesNoTime() throws Exception {
        var reads = new AtomicInteger();
        var standsAt = new AtomicInteger();
        LongSupplier monotonic = () -> {
            long now = Duration.between(START, bench.trueTime()).toNanos();
            if (reads.incrementAndGet() == standsAt.get()) {
                bench.clock.advance(Duration.ofHours(20));
            }
            return now;
        };
        var clock = new TrustedClock(
                bench.catalog,
                bench.clock,
                monotonic,
                new RunnerId("bench", bench.ids.get().toString()),
                TimeWitnesses.NONE,
                new HeartbeatSeal(new byte[32]),
                Duration.ofMinutes(10));
        clock.begin();

        for (int read = 1; read <= 4; read++) {
            reads.set(0);
            standsAt.set(read);
            clock.tick();
            assertThat(now(clock).isTrusted()).isTrue();
            assertThat(now(clock).earliest()).isEqualTo(bench.trueTime());
        }
        assertThat(bench.trueTime()).isAfter(START.plus(Duration.ofHours(39)));
    }

    @Test
    void aNewProcessTrustsTheHostsClockForADayAndNoMore() throws Exception {
        bench.setClockBy(YEARS);
        var next = bench.process(bench.catalog, TimeWitnesses.NONE);
        assertThat(reason(next)).isEqualTo(Suspicion.Reason.LONG_ABSENCE);
        assertThat(now(next).earliest()).isEqualTo(START.plus(VaultClock.ALLOWANCE));
        var again = bench.process(bench.catalog, TimeWitnesses.NONE);
        assertThat(now(again).earliest()).isEqualTo(START.plus(VaultClock.ALLOWANCE));
        assertThat(now(again).isTrusted()).isFalse();
    }

    @Test
    void aLongAbsenceThatTimeServersConfirmIsNoSuspicion() {
        online.set(true);
        bench.clock.advance(Duration.ofDays(60));
        var next = bench.process(bench.catalog, this::readings);
        assertThat(now(next).isTrusted()).isTrue();
        assertThat(now(next).earliest()).isEqualTo(START.plus(Duration.ofDays(60)));
    }

    @Test
    void aLongAbsenceClearsByItselfWhenTheTimeServersAnswer() throws Exception {
        bench.clock.advance(Duration.ofDays(60));
        var next = bench.process(bench.catalog, this::readings);
        assertThat(now(next).isTrusted()).isFalse();
        online.set(true);
        next.tick();
        assertThat(now(next).isTrusted()).isTrue();
        assertThat(now(next).earliest()).isEqualTo(START.plus(Duration.ofDays(60)));
    }

    @Test
    void aRecordThatWasChangedOrRemovedIsSuspect() throws Exception {
        bench.trusted.tick();
        var line = bench.catalog.read(view -> view.clock().last()).orElseThrow();
        bench.write(tx -> {
            tx.clock().deleteBefore(Long.MAX_VALUE);
            tx.clock()
                    .append(new Heartbeat(
                            line.sequence(),
                            line.boot(),
                            line.monotonic(),
                            VaultClock.begun(START.plus(YEARS)),
                            line.evidence(),
                            line.previous(),
                            line.seal()));
        });
        assertThat(reason(bench.trusted)).isEqualTo(Suspicion.Reason.RECORD_BROKEN);
        bench.trusted.tick();
        assertThat(bench.trusted.acknowledge("approvers: a, b").earliest())
                .as("what was written into the record counts for nothing")
                .isBefore(START);
        bench.write(tx -> tx.clock().deleteBefore(Long.MAX_VALUE));
        assertThat(reason(bench.trusted)).isEqualTo(Suspicion.Reason.RECORD_BROKEN);
        bench.setClockBy(YEARS);
        assertThat(reason(bench.process(bench.catalog, TimeWitnesses.NONE))).isEqualTo(Suspicion.Reason.RECORD_BROKEN);
    }

    @Test
    void aGapInTheRecordIsSuspectAtTheNextStart() throws Exception {
        for (int i = 0; i < 3; i++) {
            bench.trusted.tick();
        }
        var lines = bench.catalog.read(view -> view.clock().newest(9));
        bench.write(tx -> {
            tx.clock().deleteBefore(Long.MAX_VALUE);
            tx.clock().append(lines.get(2));
            tx.clock().append(lines.get(0));
        });
        assertThat(reason(bench.process(bench.catalog, TimeWitnesses.NONE))).isEqualTo(Suspicion.Reason.RECORD_BROKEN);
    }

    @Test
    void anAcknowledgementIsKeptInTheRecordAndFreesNothing() throws Exception {
        bench.setClockBy(YEARS);
        bench.trusted.tick();
        var after = bench.trusted.acknowledge("approvers: a, b");
        assertThat(after.isTrusted()).isTrue();
        assertThat(after.earliest()).isEqualTo(START);
        assertThat(now(bench.trusted).isTrusted()).isTrue();
        assertThat(bench.catalog.read(view -> view.clock().last()).orElseThrow().evidence())
                .contains("approvers: a, b");
        bench.clock.advance(Duration.ofDays(2));
        assertThat(now(bench.trusted).earliest()).isEqualTo(START.plus(Duration.ofDays(2)));
    }

    @Test
    void theClockIsShownToAdministratorsAndAcknowledgedByNoneFromAfar() {
        var service = new ClockService(bench.catalog, bench.gate, bench.trusted);
        assertThat(service.describe(ADMIN).isTrusted()).isTrue();
        assertThat(service.describe(STRANGER).isTrusted()).isTrue();
        assertThat(service.refuseAcknowledgement(ADMIN).problem().kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        var nobody = new dev.coffer.core.access.Caller(
                ADMIN.account(),
                new dev.coffer.core.arn.Arn("aws", "iam", "", ADMIN.account().value(), "user/guest"),
                ADMIN.region());
        assertThat(refusal(() -> service.describe(nobody)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void severalNodesHaveOneRecordThatOneOfThemKeeps() throws Exception {
        var other = bench.process("other", bench.catalog, TimeWitnesses.NONE);
        var lines = bench.catalog.read(view -> view.clock().newest(100)).size();
        assertThat(lines).as("the second node starts no record of its own").isEqualTo(1);
        for (int i = 0; i < 500; i++) {
            bench.clock.advance(Duration.ofMinutes(10));
            bench.trusted.tick();
            other.tick();
        }
        // The allowance of a day would be used up if the nodes took each other's lines for those of dead processes.
        var days = Duration.ofMinutes(5000);
        assertThat(now(bench.trusted).isTrusted()).isTrue();
        assertThat(now(bench.trusted).earliest()).isEqualTo(START.plus(days));
        assertThat(now(bench.trusted).allowance()).isEqualTo(VaultClock.ALLOWANCE);
        bench.clock.advance(Duration.ofMinutes(7));
        assertThat(now(other).earliest()).as("late, and never early").isEqualTo(START.plus(days));
        assertThat(now(other).isBefore(START.plus(days).plus(Duration.ofMinutes(6))))
                .as("what is over by the host's clock")
                .isFalse();
        assertThat(now(other).isTrusted()).isTrue();
    }

    @Test
    void anotherNodeTakesTheRecordOverWhenItsKeeperIsDead() throws Exception {
        var other = bench.process("other", bench.catalog, TimeWitnesses.NONE);
        bench.clock.advance(Duration.ofMinutes(26));
        other.tick();
        assertThat(now(other).earliest()).isEqualTo(START.plus(Duration.ofMinutes(26)));
        bench.clock.advance(Duration.ofMinutes(10));
        other.tick();
        assertThat(now(other).isTrusted()).isTrue();
        assertThat(now(other).earliest()).isEqualTo(START.plus(Duration.ofMinutes(36)));
        // The first one was only slow: now it follows.
        bench.trusted.tick();
        assertThat(bench.catalog.read(view -> view.clock().last()).orElseThrow().boot())
                .startsWith("other/");
    }
}
