/** Maintenance of vaults: runs and how they end. */
@NullMarked
package dev.coffer.core.maintenance;

import org.jspecify.annotations.NullMarked;
