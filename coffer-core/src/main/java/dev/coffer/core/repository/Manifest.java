package dev.coffer.core.repository;

import java.util.List;
import java.util.Optional;

/**
 * The root of one committed recovery point.
 *
 * @param parent the point that this one was compared with while it was written; this one does not need it to be restored
 * @param items how many items it holds
 * @param logicalBytes size of all contents
 * @param newBytes plaintext bytes that were new to the vault
 * @param storedBytes bytes that were added to the vault's storage
 */
public record Manifest(
        int formatVersion,
        SessionId id,
        PointDescription point,
        CaptureSummary summary,
        Optional<SessionId> parent,
        long items,
        long logicalBytes,
        long newBytes,
        long storedBytes) {
    /** Items that could not be captured as they are; the first of them. */
    public List<CaptureSummary.Skipped> skipped() {
        return summary.skipped();
    }
}
