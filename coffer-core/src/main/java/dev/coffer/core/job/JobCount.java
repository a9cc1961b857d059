package dev.coffer.core.job;

import dev.coffer.core.resource.ResourceType;
import java.time.LocalDate;
import java.util.Optional;

/**
 * How many jobs that were created on one day are alike.
 *
 * @param day of their creation, in UTC
 * @param state the wire name of the state that they are in now
 * @param category absent for restore jobs, which have none
 */
public record JobCount(
        LocalDate day, String state, ResourceType type, Optional<MessageCategory> category, long count) {}
