package dev.coffer.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoopTest {
    @Test
    void theFirstStepComesAtOnceAndAFailureDoesNotEndTheLoop() throws Exception {
        var steps = new AtomicInteger();
        var second = new CountDownLatch(2);
        try (var loop = new Loop("test", Duration.ofMillis(1), () -> {
            second.countDown();
            if (steps.incrementAndGet() == 1) {
                throw new IllegalStateException("the first step fails");
            }
        })) {
            loop.start();
            loop.start();
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWakeBringsTheNextStepLongBeforeItsPeriod() throws Exception {
        var first = new CountDownLatch(1);
        var second = new CountDownLatch(2);
        try (var loop = new Loop("test", Duration.ofDays(1), () -> {
            first.countDown();
            second.countDown();
        })) {
            loop.start();
            assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
            loop.wake();
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeInterruptsTheStepAndWaitsForItsEnd() throws Exception {
        var inStep = new CountDownLatch(1);
        var ended = new AtomicBoolean();
        var loop = new Loop("test", Duration.ofDays(1), () -> {
            inStep.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                ended.set(true);
            }
        });
        loop.start();
        assertThat(inStep.await(30, TimeUnit.SECONDS)).isTrue();

        loop.close();

        assertThat(ended).isTrue();
        loop.close();
    }

    @Test
    void closingWhatWasNeverStartedDoesNothing() {
        var steps = new AtomicInteger();
        new Loop("test", Duration.ofDays(1), steps::incrementAndGet).close();

        assertThat(steps).hasValue(0);
    }
}
