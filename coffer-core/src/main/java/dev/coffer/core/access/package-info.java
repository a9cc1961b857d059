/** Who calls, and with what key. */
@NullMarked
package dev.coffer.core.access;

import org.jspecify.annotations.NullMarked;
