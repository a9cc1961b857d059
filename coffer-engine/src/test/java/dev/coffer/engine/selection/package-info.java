/** Tests of what selections choose. */
@NullMarked
package dev.coffer.engine.selection;

import org.jspecify.annotations.NullMarked;
