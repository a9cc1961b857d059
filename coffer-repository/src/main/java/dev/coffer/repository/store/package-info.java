/** A blob store in a folder, and the wrapper that repeats what failed for a moment. */
@NullMarked
package dev.coffer.repository.store;

import org.jspecify.annotations.NullMarked;
