package dev.coffer.aws.dynamodb;

import java.time.Duration;

/** Lets time pass between two tries of a call. */
@FunctionalInterface
public interface Pause {
    void pass(Duration time) throws InterruptedException;
}
