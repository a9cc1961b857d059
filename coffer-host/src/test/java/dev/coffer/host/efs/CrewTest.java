package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.task.TaskGroup;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CrewTest {
    @Test
    void allThatIsHandedOutIsDone() throws Exception {
        Set<Integer> done = Collections.newSetFromMap(new ConcurrentHashMap<>());

        Crew.run("test", 3, crew -> {
            for (int i = 0; i < 1000; i++) {
                int number = i;
                crew.handOut(10_000, _ -> done.add(number));
            }
        });

        assertThat(done).hasSize(1000);
    }

    @Test
    void whatAHandHandsOnIsDoneByOthersThoughTheWalkHasEnded() throws Exception {
        var together = new CyclicBarrier(3);
        var met = new AtomicInteger();
        Crew.Work meet = _ -> {
            try {
                together.await();
                met.incrementAndGet();
            } catch (BrokenBarrierException impossible) {
                throw new IllegalStateException(impossible);
            }
        };
        var walkEnds = new CountDownLatch(1);

        Crew.run("test", 3, crew -> {
            crew.handOut(Crew.BYTES_AT_ONCE, buffer -> {
                walkEnds.await();
                crew.handOn(meet);
                crew.handOn(meet);
                meet.run(buffer);
            });
            walkEnds.countDown();
        });

        assertThat(met).hasValue(3);
    }

    @Test
    void aWalkWaitsWhileTheHandsAreBusy() throws Exception {
        var started = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var out = new AtomicInteger();

        try (var runs = TaskGroup.<Boolean>onPlatformThreads("test")) {
            runs.fork(() -> {
                Crew.run("test", 1, crew -> {
                    for (int i = 0; i < 100; i++) {
                        crew.handOut(Crew.BYTES_AT_ONCE, _ -> {
                            started.countDown();
                            mayEnd.await();
                        });
                        out.incrementAndGet();
                    }
                });
                return true;
            });
            started.await();
            // One is done, four wait; there is no more room.
            assertThat(out.get()).isLessThanOrEqualTo(5);
            mayEnd.countDown();
            runs.join();
        }

        assertThat(out).hasValue(100);
    }

    @Test
    void aFailureOfWorkThatWasHandedOnEndsAll() {
        assertThatThrownBy(() -> Crew.run("test", 2, crew -> {
                    crew.handOut(
                            Crew.BYTES_AT_ONCE,
                            _ -> crew.handOn(_ -> {
                                throw new IllegalStateException("failed");
                            }));
                    new CountDownLatch(1).await();
                }))
                .hasMessage("failed");
    }
}
