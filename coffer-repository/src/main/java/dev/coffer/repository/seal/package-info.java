/** Authenticated encryption in segments. */
@NullMarked
package dev.coffer.repository.seal;

import org.jspecify.annotations.NullMarked;
