/** Sweeping, verifying and re-wrapping vaults: by itself, and when an administrator asks. */
@NullMarked
package dev.coffer.engine.maintenance;

import org.jspecify.annotations.NullMarked;
