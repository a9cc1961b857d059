package dev.coffer.server.event;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Closes a connection when its time is over, so that who answers drop by drop holds nobody up. Ends with {@link #close}. */
final class TimeLimit implements AutoCloseable {
    private final Duration within;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread watch;

    TimeLimit(Socket socket, Duration within) {
        this.within = within;
        this.watch = Thread.ofVirtual().name("time limit of a delivery").start(() -> closeLater(socket));
    }

    private void closeLater(Socket socket) {
        try {
            Thread.sleep(within);
            over.set(true);
            socket.close();
        } catch (InterruptedException inTime) {
            // The answer came; there is nothing to limit.
        } catch (IOException alreadyClosed) {
            over.set(true);
        }
    }

    /** Whether the connection was closed for its time. */
    boolean isOver() {
        return over.get();
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
