/** Tests of the rules about selections. */
@NullMarked
package dev.coffer.core.selection;

import org.jspecify.annotations.NullMarked;
