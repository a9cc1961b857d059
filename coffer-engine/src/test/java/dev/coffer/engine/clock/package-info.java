/** Tests of the vault clock in the engine. */
@NullMarked
package dev.coffer.engine.clock;

import org.jspecify.annotations.NullMarked;
