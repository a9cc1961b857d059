/** The promises of the package. */
@NullMarked
package dev.coffer.core.event;

import org.jspecify.annotations.NullMarked;
