package dev.coffer.core.catalog;

import java.util.Optional;

/**
 * Which part of a list is wanted.
 *
 * @param limit at most so many rows
 * @param after the {@link Page#next} of the page before
 */
public record PageRequest(int limit, Optional<String> after) {
    /** The first rows. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }
}
