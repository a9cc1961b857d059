/** What one node at a time does, of all that share a catalog. */
@NullMarked
package dev.coffer.engine.duty;

import org.jspecify.annotations.NullMarked;
