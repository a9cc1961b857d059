/** The promises of the package. */
@NullMarked
package dev.coffer.engine.resource;

import org.jspecify.annotations.NullMarked;
