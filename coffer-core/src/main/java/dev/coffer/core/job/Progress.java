package dev.coffer.core.job;

/**
 * How far a job is, as last stored.
 *
 * @param doneBytes bytes of the resource that are dealt with, unchanged ones included
 * @param totalBytes bytes of the resource, 0 while not known
 * @param transferredBytes bytes that were new to the vault (backup), or written to the target (restore)
 */
public record Progress(long doneBytes, long totalBytes, long transferredBytes) {
    public static final Progress NONE = new Progress(0, 0, 0);

    /** Percent from 0 to 100; never 100 before the end, so that 100 means done. */
    public double percent() {
        if (totalBytes <= 0) {
            return 0;
        }
        return Math.clamp(100.0 * doneBytes / totalBytes, 0, 99.9);
    }
}
