/** The constraints of the service model, judged on a decoded request. */
@NullMarked
package dev.coffer.wire.check;

import org.jspecify.annotations.NullMarked;
