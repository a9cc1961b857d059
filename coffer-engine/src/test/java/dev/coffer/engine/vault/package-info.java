/** The promises of the package. */
@NullMarked
package dev.coffer.engine.vault;

import org.jspecify.annotations.NullMarked;
