package dev.coffer.aws.endpoint;

import java.time.Duration;

/** Lets time pass between two tries of a call. */
@FunctionalInterface
public interface Pause {
    /** Returns when the time has passed. */
    void pass(Duration time) throws InterruptedException;
}
