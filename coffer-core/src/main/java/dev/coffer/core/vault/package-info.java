/** Backup vaults and their names. */
@NullMarked
package dev.coffer.core.vault;

import org.jspecify.annotations.NullMarked;
