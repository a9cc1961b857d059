package dev.coffer.core.repository;

import java.util.List;

/**
 * What one call of {@link Repository#sweep} did.
 *
 * @param packsDeleted blobs of chunks that were deleted
 * @param bytesFreed their bytes
 * @param packsRewritten partly filled ones whose needed chunks were stored again
 * @param bytesRewritten bytes that were stored for that
 * @param packsRetained those that the store would not delete yet
 * @param waitingFor the marks of readers and writers that have to end first, if the sweep goes on later
 */
public record SweepReport(
        Outcome outcome,
        long packsDeleted,
        long bytesFreed,
        long packsRewritten,
        long bytesRewritten,
        long packsRetained,
        List<String> waitingFor) {
    /** How far a sweep came. */
    public enum Outcome {
        /** All that could be freed has been. */
        DONE,
        /** There was nothing to free. */
        NOTHING,
        /** Readers or writers may still need what is to be freed; the next sweep goes on. */
        WAITING,
        /** Another thread or process is sweeping this vault. */
        ELSEWHERE
    }

    public SweepReport {
        waitingFor = List.copyOf(waitingFor);
    }

    /** A sweep that freed nothing. */
    public static SweepReport of(Outcome outcome) {
        return new SweepReport(outcome, 0, 0, 0, 0, 0, List.of());
    }
}
