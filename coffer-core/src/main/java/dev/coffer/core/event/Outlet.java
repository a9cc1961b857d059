package dev.coffer.core.event;

/**
 * A way out of the installation, for one kind of message. Used by one thread at a time; who opens it closes it.
 *
 * @param <M> what goes out: {@link Event}, {@link Notice} or {@link Digest}
 */
public interface Outlet<M> extends AutoCloseable {
    /**
     * Sends, in a bounded time. When this returns, the other side has taken the message.
     *
     * @throws DeliveryException if it has not, or may not have
     */
    void send(M message) throws InterruptedException;

    @Override
    default void close() {}
}
