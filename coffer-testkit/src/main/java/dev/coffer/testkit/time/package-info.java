/** Clocks that tests own. */
@NullMarked
package dev.coffer.testkit.time;

import org.jspecify.annotations.NullMarked;
