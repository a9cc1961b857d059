/** The promises of the package. */
@NullMarked
package dev.coffer.engine.lifecycle;

import org.jspecify.annotations.NullMarked;
