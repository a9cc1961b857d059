package dev.coffer.core.repository;

import java.time.Instant;
import java.util.List;

/**
 * What a connector says about the image it wrote.
 *
 * @param consistentAt the moment that the image stands for
 * @param skippedItems how many items could not be captured as they are
 * @param skipped the first of them, with the reason; bounded by {@link #NAMED_AT_MOST}
 */
public record CaptureSummary(Instant consistentAt, long skippedItems, List<Skipped> skipped) {
    /** How many skipped items a summary names. */
    public static final int NAMED_AT_MOST = 1000;

    public CaptureSummary {
        skipped = List.copyOf(skipped);
    }

    /** An item that was left out or captured in part, and why, for people. */
    public record Skipped(ItemPath path, String reason) {}
}
