/** The promises of the package. */
@NullMarked
package dev.coffer.server.event;

import org.jspecify.annotations.NullMarked;
