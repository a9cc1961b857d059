package dev.coffer.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class TaskGroupTest {
    @Test
    void resultsComeInTheOrderOfTheForks() throws InterruptedException {
        try (var group = new TaskGroup<Integer>("numbers")) {
            var first = new CountDownLatch(1);
            group.fork(() -> {
                first.await();
                return 1;
            });
            group.fork(() -> {
                first.countDown();
                return 2;
            });
            assertThat(group.join()).containsExactly(1, 2);
        }
    }

    @Test
    void theFirstFailureInterruptsTheOthersAndIsThrown() {
        var interrupted = new AtomicBoolean();
        try (var group = new TaskGroup<Integer>("failing")) {
            var started = new CountDownLatch(1);
            group.fork(() -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException stop) {
                    interrupted.set(true);
                    throw stop;
                }
                return 1;
            });
            group.fork(() -> {
                started.await();
                throw new IllegalArgumentException("no");
            });
            assertThatThrownBy(group::join)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no");
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void interruptingTheJoinInterruptsTheTasks() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        var started = new CountDownLatch(1);
        var joining = Thread.ofVirtual().start(() -> {
            try (var group = new TaskGroup<Integer>("stopped")) {
                group.fork(() -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stop) {
                        interrupted.set(true);
                    }
                    return 1;
                });
                assertThatThrownBy(group::join).isInstanceOf(InterruptedException.class);
            }
        });
        started.await();
        joining.interrupt();
        joining.join();
        assertThat(interrupted).isTrue();
    }
}
