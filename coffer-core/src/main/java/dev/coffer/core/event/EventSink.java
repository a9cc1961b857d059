package dev.coffer.core.event;

/** A place that events are told to, at least once each and in the order in which they were committed. */
public interface EventSink extends AutoCloseable {
    /** The sink's own name; its position in the outbox is kept under it. */
    String name();

    /** What kind of way it is, for the metrics: one of a few words, and nothing that a user has named. */
    String channel();

    /** Whether the event is for this sink; one that is not counts as taken. */
    default boolean wants(Event event) {
        return true;
    }

    /**
     * Takes the event. When this returns, the event counts as delivered; an exception makes it come again.
     *
     * @throws DeliveryException if it was not taken; the message is shown to users
     */
    void deliver(Event event) throws InterruptedException;

    /** Lets go of what the sink holds open. */
    @Override
    default void close() {}
}
