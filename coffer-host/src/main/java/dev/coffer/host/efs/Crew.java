package dev.coffer.host.efs;

import dev.coffer.core.task.TaskGroup;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** One thread that walks and some that do what it hands out, all on platform threads. The first failure ends all. */
final class Crew {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int WAITING_PER_HAND = 8;

    private final BlockingQueue<Optional<Work>> queue;

    private Crew(int hands) {
        queue = new ArrayBlockingQueue<>(hands * WAITING_PER_HAND);
    }

    /** What a walk hands out; the direct buffer of 1 MiB is the hand's own. */
    interface Work {
        void run(ByteBuffer buffer) throws InterruptedException;
    }

    /** The walk; it hands work out through the crew. */
    interface Walk {
        void run(Crew crew) throws InterruptedException;
    }

    /** Returns when the walk and all it handed out are done. */
    static void run(String name, int hands, Walk walk) throws InterruptedException {
        var crew = new Crew(hands);
        try (var group = TaskGroup.<Boolean>onPlatformThreads(name)) {
            group.fork(() -> {
                walk.run(crew);
                for (int i = 0; i < hands; i++) {
                    crew.queue.put(Optional.empty());
                }
                return true;
            });
            for (int i = 0; i < hands; i++) {
                group.fork(crew::work);
            }
            group.join();
        }
    }

    /** Hands work out; waits while the hands are busy, so that what waits is bounded. */
    void handOut(Work work) throws InterruptedException {
        queue.put(Optional.of(work));
    }

    private boolean work() throws InterruptedException {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(BUFFER_BYTES).asByteBuffer();
            for (var work = queue.take(); work.isPresent(); work = queue.take()) {
                work.get().run(buffer);
            }
        }
        return true;
    }
}
