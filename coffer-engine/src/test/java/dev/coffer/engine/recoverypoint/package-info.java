/** The promises of the package. */
@NullMarked
package dev.coffer.engine.recoverypoint;

import org.jspecify.annotations.NullMarked;
