package dev.coffer.aws.s3;

import dev.coffer.core.task.Futures;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A call that goes on in a virtual thread of its own, while another thread does something else. */
final class Underway<T> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    /** Begins the call. */
    Underway(String name, Callable<T> call) {
        task = new FutureTask<>(call);
        thread = Thread.ofVirtual().name(name).start(task);
    }

    /** Waits for the result, or throws what the call has thrown. */
    T get() throws InterruptedException {
        return Futures.get(task);
    }

    /** Tells the call to end. */
    void interrupt() {
        thread.interrupt();
    }

    /** Interrupts the call and waits for its end. */
    @Override
    public void close() {
        interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
