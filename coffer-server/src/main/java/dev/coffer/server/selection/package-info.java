/** Paths that explain what selections choose. */
@NullMarked
package dev.coffer.server.selection;

import org.jspecify.annotations.NullMarked;
