package dev.coffer.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultClockTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final VaultClock BEGUN = VaultClock.begun(START);

    private static List<TimeReading> readings(Instant... at) {
        var readings = new ArrayList<TimeReading>();
        for (var one : at) {
            readings.add(new TimeReading("server " + readings.size(), one));
        }
        return readings;
    }

    /** What the process counted, what the host's clock was moved by: how far both ends move, and whether the clock is suspect. */
    @ParameterizedTest
    @CsvSource({
        "PT10M,  PT10M,   PT10M, PT10M,  false",
        "PT10M,  PT9M,    PT9M,  PT10M,  false",
        "PT10M,  PT0S,    PT0S,  PT10M,  false",
        "PT10M,  PT-4M,   PT0S,  PT10M,  false",
        "PT10M,  PT-6M,   PT0S,  PT10M,  true",
        "PT10M,  PT3H,    PT10M, PT3H,   false",
        "PT10M,  PT24H,   PT10M, PT24H,  false",
        "PT10M,  PT24H11M,PT10M, PT10M,  true",
        "PT10M,  PT87600H,PT10M, PT10M,  true",
        "PT0S,   PT87600H,PT0S,  PT0S,   true",
        "PT720H, PT720H,  PT720H,PT720H, false",
    })
    void whileTheProcessRunsTheEarlyEndMovesByTheSmallerOfBothClocks(
            Duration counted, Duration moved, Duration early, Duration late, boolean suspect) {
        var clock = BEGUN.ran(counted, START.plus(moved), List.of());
        assertThat(clock.earliest()).isEqualTo(START.plus(early));
        assertThat(clock.latest()).isEqualTo(START.plus(late));
        assertThat(clock.isTrusted()).isEqualTo(!suspect);
    }

    /** How long the process was away by the host's clock, and what one outside source says: how far the early end moves. */
    @ParameterizedTest
    @CsvSource({
        "PT1H,    ,         PT1H,  false",
        "PT24H,   ,         PT24H, false",
        "PT30H,   ,         PT24H, false",
        "PT48H,   ,         PT24H, false",
        "PT49H,   ,         PT24H, true",
        "PT87600H,,         PT24H, true",
        "PT-4M,   ,         PT0S,  false",
        "PT-6M,   ,         PT0S,  true",
        "PT720H,  PT720H,   PT720H,false",
        "PT720H,  PT719H55M,PT719H55M,false",
        "PT87600H,PT1H,     PT24H, true",
        "PT30H,   PT28H,    PT24H, true",
    })
    void acrossAnAbsenceTheHostsClockAloneIsBelievedForADay(
            Duration away, Duration witness, Duration early, boolean suspect) {
        var readings =
                Optional.ofNullable(witness).map(at -> readings(START.plus(at))).orElse(List.of());
        var clock = BEGUN.resumed(START.plus(away), readings);
        assertThat(clock.earliest()).isEqualTo(START.plus(early));
        assertThat(clock.isTrusted()).isEqualTo(!suspect);
    }

    @Test
    void manyAbsencesShareOneAllowanceUntilAnOutsideSourceConfirms() {
        var clock = BEGUN;
        for (int day = 1; day <= 3; day++) {
            clock = clock.resumed(clock.system().plus(Duration.ofHours(10)), List.of());
        }
        assertThat(clock.earliest()).isEqualTo(START.plus(Duration.ofHours(24)));
        assertThat(clock.lag()).isEqualTo(Duration.ofHours(6));
        var confirmed = clock.resumed(
                clock.system().plus(Duration.ofHours(5)),
                readings(clock.system().plus(Duration.ofHours(5))));
        assertThat(confirmed.earliest()).isEqualTo(clock.earliest().plus(Duration.ofHours(5)));
        assertThat(confirmed.allowance()).isEqualTo(VaultClock.ALLOWANCE);
    }

    @Test
    void smallJumpsAddUpToSuspicion() {
        var clock = BEGUN;
        int jumps = 0;
        while (clock.isTrusted() && jumps < 1_000) {
            clock = clock.ran(Duration.ofMinutes(1), clock.system().plus(Duration.ofHours(1)), List.of());
            jumps++;
        }
        assertThat(jumps).isEqualTo(25);
        assertThat(clock.suspicion().orElseThrow().reason()).isEqualTo(Suspicion.Reason.JUMPED);
    }

    @Test
    void aSuspectClockSaysNoToEverything() {
        var clock = BEGUN.suspect(Suspicion.Reason.RECORD_BROKEN);
        assertThat(clock.hasPassed(START.minusSeconds(1))).isFalse();
        assertThat(clock.isBefore(START.plusSeconds(1))).isFalse();
        assertThat(BEGUN.hasPassed(START)).isTrue();
        assertThat(BEGUN.hasPassed(START.plusMillis(1))).isFalse();
        assertThat(BEGUN.isBefore(START)).isFalse();
        assertThat(BEGUN.isBefore(START.plusMillis(1))).isTrue();
    }

    @Test
    void twoOutsideSourcesClearAnAbsenceAndNotAJumpOfTheRunningHost() {
        var away = START.plus(Duration.ofDays(30));
        var absent = BEGUN.resumed(away, List.of());
        assertThat(absent.isTrusted()).isFalse();
        var later = away.plusSeconds(600);
        var one = absent.ran(Duration.ofMinutes(10), later, readings(later));
        assertThat(one.isTrusted()).isFalse();
        var two = absent.ran(Duration.ofMinutes(10), later, readings(later.minusSeconds(2), later.plusSeconds(2)));
        assertThat(two.isTrusted()).isTrue();
        assertThat(two.earliest()).isEqualTo(later.minusSeconds(2));

        var jumped = BEGUN.ran(Duration.ofSeconds(1), away, readings(away, away));
        assertThat(jumped.suspicion().orElseThrow().reason()).isEqualTo(Suspicion.Reason.JUMPED);
        assertThat(jumped.ran(Duration.ofSeconds(1), away.plusSeconds(1), readings(away, away, away))
                        .isTrusted())
                .isFalse();
    }

    @Test
    void oneLyingServerAmongThreeChangesNothingAndAMajorityAgainstTheHostIsSuspect() {
        var now = START.plusSeconds(600);
        var far = now.plus(Duration.ofDays(9));
        var lying = BEGUN.ran(Duration.ofMinutes(10), now, readings(now, far, now));
        assertThat(lying.isTrusted()).isTrue();
        assertThat(lying.earliest()).isEqualTo(now);
        var contradicted = BEGUN.ran(Duration.ofMinutes(10), now, readings(far, far));
        assertThat(contradicted.suspicion().orElseThrow().reason()).isEqualTo(Suspicion.Reason.SOURCES_DISAGREE);
    }

    @Test
    void anAcknowledgementFreesNothingThatOutsideSourcesDoNotConfirm() {
        var away = START.plus(Duration.ofDays(3650));
        var suspect = BEGUN.resumed(away, List.of());
        var alone = suspect.acknowledged(away, List.of());
        assertThat(alone.isTrusted()).isTrue();
        assertThat(alone.earliest()).isEqualTo(suspect.earliest());
        assertThat(alone.latest()).isEqualTo(away);
        var confirmed = suspect.acknowledged(away, readings(away, away.plusSeconds(3)));
        assertThat(confirmed.earliest()).isEqualTo(away);
    }

    /** I8 and I21: whatever the host's clock does, and one outside source with it, the early end is never more than the allowance ahead of the truth, and neither end ever goes back. */
    @Test
    void noSequenceOfJumpsAndRestartsMovesTheEarlyEndAheadOfTheTruth() {
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var truth = START;
            var clock = BEGUN;
            for (int step = 0; step < 60; step++) {
                var passed = Duration.ofSeconds(random.nextInt(100_000));
                truth = truth.plus(passed);
                var wrong = random.nextInt(3) == 0
                        ? Duration.ofSeconds(
                                (long) (Math.pow(10, random.nextDouble() * 8.8) * (random.nextBoolean() ? 1 : -1)))
                        : Duration.ZERO;
                var host = (random.nextBoolean() ? truth : clock.system().plus(passed)).plus(wrong);
                var lie = truth.plus(Duration.ofSeconds(random.nextInt(1 << 30)));
                var readings = switch (random.nextInt(3)) {
                    case 0 -> List.<TimeReading>of();
                    case 1 -> readings(truth, lie, truth);
                    default -> readings(truth);
                };
                var next = random.nextInt(4) == 0 ? clock.resumed(host, readings) : clock.ran(passed, host, readings);
                assertThat(next.earliest()).as("seed %s", seed).isAfterOrEqualTo(clock.earliest());
                assertThat(next.latest()).as("seed %s", seed).isAfterOrEqualTo(clock.latest());
                assertThat(next.earliest())
                        .as("seed %s", seed)
                        .isBeforeOrEqualTo(truth.plus(VaultClock.ALLOWANCE).plus(Duration.ofMinutes(10)));
                clock = next;
            }
        }
    }

    @Test
    void withoutTroubleTheEarlyEndKeepsUpWithTheTruth() {
        var clock = BEGUN;
        var truth = START;
        for (int day = 0; day < 400; day++) {
            truth = truth.plus(Duration.ofDays(1));
            clock = day % 30 == 29
                    ? clock.resumed(truth, readings(truth, truth))
                    : clock.ran(Duration.ofDays(1), truth, List.of());
        }
        assertThat(clock.isTrusted()).isTrue();
        assertThat(clock.earliest()).isEqualTo(truth);
    }

    @Test
    void aLineOfTheRecordThatIsChangedOrMissingIsNoticed() {
        var seal = new HeartbeatSeal(new byte[] {1});
        var lines = new ArrayList<Heartbeat>();
        for (int i = 0; i < 4; i++) {
            var last = lines.isEmpty() ? Optional.<Heartbeat>empty() : Optional.of(lines.getLast());
            lines.add(seal.next(last, "boot", i, VaultClock.begun(START.plusSeconds(i)), Optional.empty()));
        }
        assertThat(seal.holds(lines)).isTrue();
        assertThat(seal.holds(lines.subList(1, 4))).isTrue();
        assertThat(seal.holds(List.of(lines.get(0), lines.get(2)))).isFalse();
        var line = lines.get(1);
        var moved = new Heartbeat(
                line.sequence(),
                line.boot(),
                line.monotonic(),
                VaultClock.begun(START.plusSeconds(999)),
                line.evidence(),
                line.previous(),
                line.seal());
        assertThat(seal.holds(moved)).isFalse();
        assertThat(new HeartbeatSeal(new byte[] {2}).holds(line)).isFalse();
    }
}
