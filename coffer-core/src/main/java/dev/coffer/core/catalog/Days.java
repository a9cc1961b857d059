package dev.coffer.core.catalog;

import java.time.LocalDate;

/**
 * Days in UTC.
 *
 * @param first included
 * @param end excluded
 */
public record Days(LocalDate first, LocalDate end) {}
