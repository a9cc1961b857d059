/** The rows of vaults. */
@NullMarked
package dev.coffer.catalog.vault;

import org.jspecify.annotations.NullMarked;
