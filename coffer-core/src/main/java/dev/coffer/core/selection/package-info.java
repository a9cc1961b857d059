/** Which resources a plan protects. */
@NullMarked
package dev.coffer.core.selection;

import org.jspecify.annotations.NullMarked;
