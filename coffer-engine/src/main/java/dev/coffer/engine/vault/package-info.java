/** The use cases of backup vaults. */
@NullMarked
package dev.coffer.engine.vault;

import org.jspecify.annotations.NullMarked;
