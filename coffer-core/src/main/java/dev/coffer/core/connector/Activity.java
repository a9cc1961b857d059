package dev.coffer.core.connector;

/** How a running capture or restore tells how far it is. Called from any thread, as often as it likes. */
public interface Activity {
    /**
     * Sets the counters.
     *
     * @param doneBytes bytes dealt with so far
     * @param totalBytes bytes in all; 0 while not known
     */
    void progress(long doneBytes, long totalBytes);
}
