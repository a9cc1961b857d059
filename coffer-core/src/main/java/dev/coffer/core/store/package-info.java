/** The port to a place that keeps bytes. */
@NullMarked
package dev.coffer.core.store;

import org.jspecify.annotations.NullMarked;
