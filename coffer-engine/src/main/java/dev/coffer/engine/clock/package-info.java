/** The vault clock as the use cases ask it, and the loop that moves it. */
@NullMarked
package dev.coffer.engine.clock;

import org.jspecify.annotations.NullMarked;
