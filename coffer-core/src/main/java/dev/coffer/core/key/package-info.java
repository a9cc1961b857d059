/** The port to what wraps the data keys of vaults. */
@NullMarked
package dev.coffer.core.key;

import org.jspecify.annotations.NullMarked;
