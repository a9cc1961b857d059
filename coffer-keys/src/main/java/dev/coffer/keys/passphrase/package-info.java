/** Wrapping keys that are derived from a passphrase by Argon2id. */
@NullMarked
package dev.coffer.keys.passphrase;

import org.jspecify.annotations.NullMarked;
