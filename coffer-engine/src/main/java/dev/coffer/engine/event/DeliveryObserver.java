package dev.coffer.engine.event;

/** Is told how deliveries of events go, for the metrics. Called on the sinks' threads; must be quick and must not throw. */
@FunctionalInterface
public interface DeliveryObserver {
    /** What came of an attempt. */
    enum Outcome {
        DELIVERED,
        /** It will be tried again. */
        FAILED,
        /** It waited too long and is not tried again. */
        GIVEN_UP
    }

    /**
     * Attempts have ended.
     *
     * @param channel see {@link dev.coffer.core.event.EventSink#channel}
     */
    void told(String channel, Outcome outcome, long events);
}
