/** What removes rows that nobody needs any more. */
@NullMarked
package dev.coffer.engine.upkeep;

import org.jspecify.annotations.NullMarked;
