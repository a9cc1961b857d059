/** The use cases of recovery points, and the loop that deletes them. */
@NullMarked
package dev.coffer.engine.recoverypoint;

import org.jspecify.annotations.NullMarked;
