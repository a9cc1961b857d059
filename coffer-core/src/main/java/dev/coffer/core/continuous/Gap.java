package dev.coffer.core.continuous;

import java.time.Instant;
import java.util.Optional;

/**
 * Time between two windows, of which nothing can be restored; neither end belongs to it.
 *
 * @param why the history is lost; empty if that was not recorded
 */
public record Gap(Instant after, Instant before, Optional<String> why) {}
