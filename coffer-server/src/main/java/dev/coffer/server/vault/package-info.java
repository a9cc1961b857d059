/** Operations on backup vaults: shapes to use cases and back. */
@NullMarked
package dev.coffer.server.vault;

import org.jspecify.annotations.NullMarked;
