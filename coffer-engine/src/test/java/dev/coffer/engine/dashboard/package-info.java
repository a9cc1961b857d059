/** What the figures of the first page promise. */
@NullMarked
package dev.coffer.engine.dashboard;

import org.jspecify.annotations.NullMarked;
