package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class HandsTest {
    private static final int COUNT = 3;

    @Test
    void allIsDoneWhenItHasFinished() throws Exception {
        var done = new AtomicInteger();
        try (var hands = new Hands("test", COUNT)) {
            for (int i = 0; i < 100; i++) {
                hands.handOut(done::incrementAndGet);
            }
            hands.finish();
            assertThat(done).hasValue(100);
        }
    }

    @Test
    @Timeout(60)
    void aFailureIsToldToWhoHandsOutMoreAndNothingWaitsForIt() {
        var failure = new IllegalStateException("broken");
        assertThatThrownBy(() -> {
                    try (var hands = new Hands("test", COUNT)) {
                        while (true) {
                            hands.handOut(() -> {
                                throw failure;
                            });
                        }
                    }
                })
                .isSameAs(failure);
    }

    @Test
    @Timeout(60)
    void aFailureBehindTheLastPieceIsToldAtTheEndWhateverItIs() {
        var failure = new InternalError("a page of a mapped file cannot be read");
        assertThatThrownBy(() -> {
                    try (var hands = new Hands("test", COUNT)) {
                        hands.handOut(() -> {
                            throw failure;
                        });
                        hands.finish();
                    }
                })
                .isSameAs(failure);
    }

    @Test
    @Timeout(60)
    void whatIsNotDoneIsInterruptedAtTheEnd() throws Exception {
        var never = new CountDownLatch(1);
        var interrupted = new AtomicInteger();
        try (var hands = new Hands("test", COUNT)) {
            for (int i = 0; i < COUNT; i++) {
                hands.handOut(() -> {
                    try {
                        never.await();
                    } catch (InterruptedException stopped) {
                        interrupted.incrementAndGet();
                        throw stopped;
                    }
                });
            }
        }
        assertThat(interrupted).hasValue(COUNT);
    }
}
