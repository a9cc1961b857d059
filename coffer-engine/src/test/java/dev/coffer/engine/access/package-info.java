/** The promises of the package. */
@NullMarked
package dev.coffer.engine.access;

import org.jspecify.annotations.NullMarked;
