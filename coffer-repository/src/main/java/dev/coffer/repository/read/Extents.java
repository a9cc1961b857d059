package dev.coffer.repository.read;

import java.util.Optional;

/** The extents of a content, front to back. */
@FunctionalInterface
interface Extents {
    /** The next one; empty at the end. */
    Optional<Extent> next() throws InterruptedException;
}
