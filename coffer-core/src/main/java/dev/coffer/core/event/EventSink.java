package dev.coffer.core.event;

/** A place that events are told to, at least once each and in the order in which they were committed. */
public interface EventSink {
    /** The sink's own name; its position in the outbox is kept under it. */
    String name();

    /** Takes the event. When this returns, the event counts as delivered; an exception makes it come again. */
    void deliver(Event event) throws InterruptedException;
}
