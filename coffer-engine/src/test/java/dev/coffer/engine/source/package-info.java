/** The promises of the package. */
@NullMarked
package dev.coffer.engine.source;

import org.jspecify.annotations.NullMarked;
