/** The local wrapping key and the keys that are derived from a vault's data key. */
@NullMarked
package dev.coffer.repository.key;

import org.jspecify.annotations.NullMarked;
