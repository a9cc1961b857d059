package dev.coffer.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and Ctrl-C as an orderly end: what runs is told, has some time, and the process ends with 0 if it came to its end in that time. Without it the virtual machine would end with the signal's own code.
 */
public final class StopSignal implements AutoCloseable {
    private static final Duration AT_MOST = Duration.ofSeconds(29);
    private static final int TOO_LATE = 1;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Whether a signal, and not the end of the work, ends the process. */
    private volatile boolean signalled;

    /** From now on signals end the process this way. */
    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
    }

    private void stop() {
        asked.countDown();
        boolean inTime;
        try {
            inTime = ended.await(AT_MOST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            inTime = false;
        }
        if (!inTime) {
            Runtime.getRuntime().halt(TOO_LATE);
        }
        if (signalled) {
            Runtime.getRuntime().halt(0);
        }
    }

    /** Returns when a signal has come. */
    public void await() throws InterruptedException {
        asked.await();
        signalled = true;
    }

    /** The work has ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
