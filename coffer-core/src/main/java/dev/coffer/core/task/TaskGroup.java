package dev.coffer.core.task;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * Work that begins and ends in one block: fork, join, close. Each task has a virtual thread. The first failure interrupts the others, and {@link #join} throws it when all
 * have ended. Interrupting the thread that joins interrupts all tasks. Used by one thread.
 *
 * <p>The shape is that of the JDK's structured concurrency, which is still a preview in Java 25.
 */
public final class TaskGroup<T> implements AutoCloseable {
    private final ExecutorService executor;
    private final ExecutorCompletionService<T> completion;
    private final List<Future<T>> tasks = new ArrayList<>();

    /** A group whose threads carry the name, for thread dumps. */
    public TaskGroup(String name) {
        this(Thread.ofVirtual().name(name + "-", 1).factory());
    }

    private TaskGroup(ThreadFactory threads) {
        executor = Executors.newThreadPerTaskExecutor(threads);
        completion = new ExecutorCompletionService<>(executor);
    }

    /**
     * A group of platform threads, for tasks that block in native calls: such a call holds the carrier of a virtual thread, and a file server that hangs would then hold up all virtual
     * threads of the process.
     */
    public static <T> TaskGroup<T> onPlatformThreads(String name) {
        return new TaskGroup<>(Thread.ofPlatform().name(name + "-", 1).daemon().factory());
    }

    /** Starts a task. */
    public void fork(Callable<T> task) {
        tasks.add(completion.submit(task));
    }

    /** Waits for all tasks and returns their results in the order of their forks; throws the first failure after all have ended. */
    public List<T> join() throws InterruptedException {
        for (int ended = 0; ended < tasks.size(); ended++) {
            try {
                Futures.get(completion.take());
            } catch (InterruptedException | RuntimeException | Error failure) {
                stopAll();
                throw failure;
            }
        }
        var results = new ArrayList<T>(tasks.size());
        for (var task : tasks) {
            results.add(task.resultNow());
        }
        return results;
    }

    private void stopAll() {
        executor.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Interrupts what still runs and waits for its end. */
    @Override
    public void close() {
        stopAll();
    }
}
