package dev.coffer.core.task;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What a task in another thread came to, for those who call it in this one. */
public final class Futures {
    private Futures() {}

    /** Waits for the end of a task and returns its result, or throws what it has thrown as it was thrown; a checked exception other than an interruption in an IllegalStateException. */
    public static <T> T get(Future<T> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case InterruptedException stop -> throw stop;
                case Error error -> throw error;
                case RuntimeException unchecked -> unchecked;
                case null, default -> new IllegalStateException("a task failed", failed.getCause());
            };
        }
    }
}
