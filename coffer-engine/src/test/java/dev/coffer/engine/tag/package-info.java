/** The promises of the package. */
@NullMarked
package dev.coffer.engine.tag;

import org.jspecify.annotations.NullMarked;
