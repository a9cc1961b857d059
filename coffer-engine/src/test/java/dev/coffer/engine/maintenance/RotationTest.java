package dev.coffer.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.PackRange;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RotationTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void everyPackIsReadWithinThePeriodWheneverTheSlicesCome() {
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var now = START;
            Optional<Rotation> last = Optional.empty();
            var read = new Instant[PackRange.END];
            for (int count = 0; count < 200; count++) {
                var slice = Rotation.next(last, now, MONTH, DAY);
                for (var range : slice) {
                    for (int i = range.from(); i < range.to(); i++) {
                        if (read[i] != null) {
                            assertThat(Duration.between(read[i], now)).isLessThanOrEqualTo(MONTH);
                        }
                        read[i] = now;
                    }
                }
                last = Optional.of(Rotation.after(slice, now));
                // A day, or several without a server.
                now = now.plus(Duration.ofHours(24 + random.nextInt(60)));
            }
            assertThat(read).doesNotContainNull();
        }
    }

    @Test
    void slicesFollowEachOtherAndLeaveNothingOutWhateverTheClockShows() {
        var random = new Random(1);
        Optional<Rotation> last = Optional.empty();
        int expected = 0;
        for (int count = 0; count < 500; count++) {
            var now = START.plus(Duration.ofDays(random.nextInt(20_000) - 10_000));
            var slice = Rotation.next(last, now, MONTH, DAY);
            for (var range : slice) {
                assertThat(range.from()).isEqualTo(expected);
                assertThat(range.to()).isGreaterThan(range.from());
                expected = range.to() == PackRange.END ? 0 : range.to();
            }
            last = Optional.of(Rotation.after(slice, now));
        }
    }

    @Test
    void whatIsKeptIsReadBackAndRubbishBeginsAnew() {
        var rotation = new Rotation(12_345, START);
        assertThat(Rotation.of(rotation.text())).contains(rotation);
        for (var rubbish : new String[] {"", "x", "1 x", "70000 " + START, "-1 " + START, "1 2 3"}) {
            assertThat(Rotation.of(rubbish)).isEmpty();
        }
    }
}
