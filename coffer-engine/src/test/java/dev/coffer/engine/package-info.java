/** An engine over a real catalog and vaults in memory. */
@NullMarked
package dev.coffer.engine;

import org.jspecify.annotations.NullMarked;
