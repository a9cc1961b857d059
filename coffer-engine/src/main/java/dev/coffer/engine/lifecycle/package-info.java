/** Lifecycles as requests write them. */
@NullMarked
package dev.coffer.engine.lifecycle;

import org.jspecify.annotations.NullMarked;
