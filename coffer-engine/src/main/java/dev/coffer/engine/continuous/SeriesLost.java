package dev.coffer.engine.continuous;

import dev.coffer.core.arn.Arn;

/** The series is no longer this process's: another one took it, or it was stopped or deleted. */
final class SeriesLost extends RuntimeException {
    SeriesLost(Arn point) {
        super("the series of " + point + " is held by another process, or was stopped");
    }
}
