package dev.coffer.engine.plan;

import java.time.Duration;

/** Is told what became of the instants of plans, for the metrics. Called on the ticker's thread; must be quick and must not throw. */
@FunctionalInterface
public interface RunObserver {
    /** What became of an instant. */
    enum Outcome {
        /** Its jobs exist. */
        STARTED,
        /** Its start window was over before they did. */
        EXPIRED,
        /** It overlapped with another and makes no jobs of its own. */
        DUPLICATE_SUPPRESSED
    }

    /**
     * An instant is settled.
     *
     * @param delay from the instant until now
     */
    void settled(Outcome outcome, Duration delay);
}
