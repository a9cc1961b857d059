/** The figures of the first page. */
@NullMarked
package dev.coffer.engine.dashboard;

import org.jspecify.annotations.NullMarked;
