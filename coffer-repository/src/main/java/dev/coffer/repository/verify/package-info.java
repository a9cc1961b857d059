/** Finding damage in a vault, with and without its keys, and putting it right from a second copy. */
@NullMarked
package dev.coffer.repository.verify;

import org.jspecify.annotations.NullMarked;
