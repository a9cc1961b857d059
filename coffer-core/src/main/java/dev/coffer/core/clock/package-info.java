/** The vault clock: time that locks and expiry rely on, whatever the host's clock is set to. */
@NullMarked
package dev.coffer.core.clock;

import org.jspecify.annotations.NullMarked;
