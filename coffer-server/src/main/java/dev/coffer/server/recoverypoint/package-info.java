/** Operations on recovery points. */
@NullMarked
package dev.coffer.server.recoverypoint;

import org.jspecify.annotations.NullMarked;
