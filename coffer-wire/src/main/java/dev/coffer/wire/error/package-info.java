/** Errors as they appear on the wire, and the exception that carries one to the edge. */
@NullMarked
package dev.coffer.wire.error;

import org.jspecify.annotations.NullMarked;
