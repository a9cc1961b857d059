/** Tests of the paths about selections. */
@NullMarked
package dev.coffer.server.selection;

import org.jspecify.annotations.NullMarked;
