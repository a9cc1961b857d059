/** The promises of the package. */
@NullMarked
package dev.coffer.engine.loop;

import org.jspecify.annotations.NullMarked;
