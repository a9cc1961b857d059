package dev.coffer.server.api;

import java.time.Duration;

/** Is told what the API answers, for the metrics. */
public interface ApiObserver {
    /** A request was answered; {@code operation} is {@code none} without a valid signature and {@code unknown} without a route. */
    void answered(String operation, int status, Duration took);

    void authenticationFailed(String reason);

    void replayRefused();

    /** No policy allows what was asked, or one denies it. */
    void accessDenied();
}
