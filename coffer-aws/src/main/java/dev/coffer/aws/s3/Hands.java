package dev.coffer.aws.s3;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does many small works at once, a bounded number of them, each in a virtual thread. The first failure stops all and is thrown to who hands out. Handed out by one thread.
 */
final class Hands implements AutoCloseable {
    private final String name;
    private final int count;
    private final Semaphore free;
    private final Set<Thread> busy = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());

    /** What is done. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    Hands(String name, int count) {
        this.name = name;
        this.count = count;
        this.free = new Semaphore(count);
    }

    /** Begins the work when a hand is free. Throws what other work has failed with, and begins none then. */
    void handOut(Work work) throws InterruptedException {
        free.acquire();
        if (failure.get().isPresent()) {
            free.release();
            rethrow();
        }
        var thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (InterruptedException stopped) {
                failure.compareAndSet(Optional.empty(), Optional.of(stopped));
            } catch (RuntimeException | Error failed) {
                failure.compareAndSet(Optional.empty(), Optional.of(failed));
            } finally {
                busy.remove(Thread.currentThread());
                free.release();
            }
        });
        busy.add(thread);
        thread.start();
    }

    /** Waits until all is done. */
    void finish() throws InterruptedException {
        free.acquire(count);
        free.release(count);
        rethrow();
    }

    private void rethrow() throws InterruptedException {
        var failed = failure.get();
        if (failed.isPresent()) {
            switch (failed.get()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case InterruptedException stopped -> throw stopped;
                default -> throw new IllegalStateException(failed.get());
            }
        }
    }

    /** Interrupts what is not done and waits for its end. */
    @Override
    public void close() {
        busy.forEach(Thread::interrupt);
        free.acquireUninterruptibly(count);
        free.release(count);
    }
}
