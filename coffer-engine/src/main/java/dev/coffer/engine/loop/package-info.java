/** Threads that repeat one step. */
@NullMarked
package dev.coffer.engine.loop;

import org.jspecify.annotations.NullMarked;
