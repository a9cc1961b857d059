package dev.coffer.host.efs;

import dev.coffer.core.task.TaskGroup;
import dev.coffer.host.posix.Posix;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thread that walks and some that do what it hands out, all on platform threads. The first failure ends all. Small pieces of work are handed out together, since to wake a thread costs more
 * than most of them do; each hand does what it gets in the order of the walk. A hand that finds more work than it should do alone hands some on.
 */
final class Crew {
    /** How much data is worth a hand of its own. */
    static final long BYTES_AT_ONCE = 1 << 20;

    private static final int BUFFER_BYTES = 4 << 20;
    private static final int WAITING_PER_HAND = 4;
    private static final int PIECES_AT_ONCE = 32;

    private final int hands;
    private final BlockingDeque<Handed> queue = new LinkedBlockingDeque<>();
    // What the walk may hand out before a hand takes some of it.
    private final Semaphore room;
    // What is not done yet, and the walk itself.
    private final AtomicInteger going = new AtomicInteger(1);
    // What has not been handed out yet; the walking thread's.
    private List<Work> together = new ArrayList<>();
    private long bytesTogether;

    private Crew(int hands) {
        this.hands = hands;
        room = new Semaphore(hands * WAITING_PER_HAND);
    }

    /** What a walk hands out; the direct buffer of 4 MiB, aligned to blocks, is the hand's own, and any thread may use it for the hand. */
    interface Work {
        void run(ByteBuffer buffer) throws InterruptedException;
    }

    /** The walk; it hands work out through the crew. */
    interface Walk {
        void run(Crew crew) throws InterruptedException;
    }

    private record Handed(List<Work> works, boolean byTheWalk) {}

    /** Returns when the walk and all it handed out are done. */
    static void run(String name, int hands, Walk walk) throws InterruptedException {
        var crew = new Crew(hands);
        try (var group = TaskGroup.<Boolean>onPlatformThreads(name)) {
            group.fork(() -> {
                walk.run(crew);
                crew.handOutRest();
                crew.done();
                return true;
            });
            for (int i = 0; i < hands; i++) {
                group.fork(crew::work);
            }
            group.join();
        }
    }

    /**
     * Hands work out, or notes it until there is more; waits while the hands are busy, so that what waits is bounded. For the walk.
     *
     * @param bytes how much data it will move, roughly
     */
    void handOut(long bytes, Work work) throws InterruptedException {
        together.add(work);
        bytesTogether += bytes;
        if (together.size() >= PIECES_AT_ONCE || bytesTogether >= BYTES_AT_ONCE) {
            handOutRest();
        }
    }

    private void handOutRest() throws InterruptedException {
        if (!together.isEmpty()) {
            room.acquire();
            going.incrementAndGet();
            queue.addLast(new Handed(together, true));
            together = new ArrayList<>();
            bytesTogether = 0;
        }
    }

    /** Gives work to whichever hand is free next, before all that the walk has handed out. Never waits: who calls this bounds how much of it there is. For any thread. */
    void handOn(Work work) {
        going.incrementAndGet();
        queue.addFirst(new Handed(List.of(work), false));
    }

    private void done() {
        if (going.decrementAndGet() == 0) {
            for (int i = 0; i < hands; i++) {
                queue.addLast(new Handed(List.of(), false));
            }
        }
    }

    private boolean work() throws InterruptedException {
        try (var arena = Arena.ofShared()) {
            var buffer = arena.allocate(BUFFER_BYTES, Posix.BLOCK).asByteBuffer();
            for (var handed = queue.take(); !handed.works().isEmpty(); handed = queue.take()) {
                if (handed.byTheWalk()) {
                    room.release();
                }
                for (var work : handed.works()) {
                    work.run(buffer);
                }
                done();
            }
        }
        return true;
    }
}
