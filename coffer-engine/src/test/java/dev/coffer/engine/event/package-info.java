/** The promises of the package. */
@NullMarked
package dev.coffer.engine.event;

import org.jspecify.annotations.NullMarked;
