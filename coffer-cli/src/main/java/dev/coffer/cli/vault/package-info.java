/** Maintaining the vaults of a running server. */
@NullMarked
package dev.coffer.cli.vault;

import org.jspecify.annotations.NullMarked;
