/** The promises of the package. */
@NullMarked
package dev.coffer.engine.upkeep;

import org.jspecify.annotations.NullMarked;
