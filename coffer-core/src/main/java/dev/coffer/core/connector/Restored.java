package dev.coffer.core.connector;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.resource.Source;
import java.util.List;
import java.util.Optional;

/**
 * What a restore has made.
 *
 * @param resource the new resource, or the existing one that was added to
 * @param created the new resource as a source of its own, so that it can be listed and backed up; empty for an existing target
 * @param bytes bytes of content that the target now holds
 * @param notRestoredItems how many items could not be restored as they were
 * @param notRestored the first of them, with the reason
 */
public record Restored(
        Arn resource, Optional<Source> created, long bytes, long notRestoredItems, List<Skipped> notRestored) {
    public Restored {
        notRestored = List.copyOf(notRestored);
    }
}
