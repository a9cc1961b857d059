package dev.coffer.engine.job;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.job.JobId;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One runner's work on one job, from its claim on: how far it is, and how it is told to come back. From {@link #publish} or {@link #leave} on nothing interrupts it any more, so that its last writes are
 * whole. Safe for many threads.
 */
final class Stint implements Activity {
    /** Why a stint was told to come back. */
    enum Recall {
        /** A user has stopped the job. */
        STOPPED,
        /** The completion window is over. */
        WINDOW_OVER,
        /** Another runner holds the job now. */
        LEASE_LOST,
        /** This process ends. */
        CLOSING
    }

    private final JobId job;
    private final ResourceType type;
    private Lease lease;
    private Instant renewedAt;
    private Progress stored;
    private long done;
    private long total;
    private LongSupplier transferred = () -> 0;
    private Optional<Recall> recall = Optional.empty();
    private Optional<Thread> thread = Optional.empty();
    private boolean interruptible = true;
    private boolean published;

    /**
     * A stint that begins.
     *
     * @param soFar the job's progress as stored
     */
    Stint(JobId job, ResourceType type, Lease lease, Instant claimedAt, Progress soFar) {
        this.job = job;
        this.type = type;
        this.lease = lease;
        this.renewedAt = claimedAt;
        this.stored = soFar;
        this.total = soFar.totalBytes();
    }

    JobId job() {
        return job;
    }

    ResourceType type() {
        return type;
    }

    synchronized Lease lease() {
        return lease;
    }

    /** The thread that works; called on it, once. */
    private synchronized void begin() {
        thread = Optional.of(Thread.currentThread());
        if (recall.isPresent()) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void progress(long doneBytes, long totalBytes) {
        done = doneBytes;
        total = totalBytes;
    }

    /** A restore writes what it is done with. */
    synchronized void countDoneAsTransferred() {
        transferred = () -> done;
    }

    /** A backup transfers what is new to the vault. */
    synchronized void countNewBytes(WriteSession session) {
        transferred = session::newBytes;
    }

    synchronized Progress progress() {
        return new Progress(done, total, transferred.getAsLong());
    }

    /**
     * What is to be stored with a longer lease now; empty when it is too early for either.
     *
     * @param renewedBefore the lease is renewed if the last time was not after this
     * @param changedBefore new progress is stored if the last time was not after this
     */
    synchronized Optional<Progress> due(Instant renewedBefore, Instant changedBefore) {
        var fresh = progress();
        boolean due = !renewedAt.isAfter(fresh.equals(stored) ? renewedBefore : changedBefore);
        return due ? Optional.of(fresh) : Optional.empty();
    }

    synchronized void renewed(Lease longer, Progress now, Instant at) {
        lease = longer;
        stored = now;
        renewedAt = at;
    }

    /** Tells the work to come back; the first reason counts. Nothing happens any more once the work publishes its result. */
    synchronized void recall(Recall why) {
        if (recall.isPresent() || !interruptible) {
            return;
        }
        recall = Optional.of(why);
        thread.ifPresent(Thread::interrupt);
    }

    synchronized Optional<Recall> recalled() {
        return recall;
    }

    /** The result is about to be made durable; false if the work was recalled before. */
    synchronized boolean publish() {
        if (recall.isPresent()) {
            return false;
        }
        interruptible = false;
        published = true;
        return true;
    }

    /** Whether the result may have been made durable in this stint. */
    synchronized boolean published() {
        return published;
    }

    /** The work is over, however it went: clears an interruption that came too late, and lets no other come. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    synchronized Optional<Recall> leave() {
        interruptible = false;
        Thread.interrupted();
        return recall;
    }

    /** What is worked on, and its result. */
    @FunctionalInterface
    interface Work<R> {
        R carry() throws InterruptedException;
    }

    /**
     * Works on this thread, once, and then does one of three: what is to be done with the result, with a job that was called back, or after a failure. None of them is interrupted any more.
     */
    <R> void run(Work<R> work, Consumer<R> complete, Runnable calledBack, Consumer<RuntimeException> failed) {
        begin();
        R result;
        try {
            result = work.carry();
            leave();
        } catch (InterruptedException stopped) {
            if (leave().isPresent()) {
                calledBack.run();
            } else {
                // Nobody called it back, so nobody would ever end it.
                failed.accept(new IllegalStateException("the work was interrupted by itself", stopped));
            }
            return;
        } catch (CalledBack recalled) {
            leave();
            calledBack.run();
            return;
        } catch (RuntimeException failure) {
            failed.accept(failure);
            return;
        } catch (StackOverflowError | LinkageError | AssertionError failure) {
            // Left to the lease, the job would meet it again and again.
            failed.accept(new IllegalStateException(failure));
            return;
        }
        complete.accept(result);
    }
}
