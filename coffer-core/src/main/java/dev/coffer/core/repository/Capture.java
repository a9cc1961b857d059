package dev.coffer.core.repository;

/** Fills a session and says what it put there. */
@FunctionalInterface
public interface Capture {
    CaptureSummary fill(WriteSession session) throws InterruptedException;
}
