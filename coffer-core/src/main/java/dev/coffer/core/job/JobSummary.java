package dev.coffer.core.job;

import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of a job summary. What is absent was summed over.
 *
 * @param from the beginning of its time, included
 * @param until the end of its time, excluded
 */
public record JobSummary(
        Instant from,
        Instant until,
        Optional<String> state,
        Optional<ResourceType> type,
        Optional<MessageCategory> category,
        long count) {}
