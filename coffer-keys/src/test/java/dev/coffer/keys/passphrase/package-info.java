/** Tests, against the real thing wherever there is one. */
@NullMarked
package dev.coffer.keys.passphrase;

import org.jspecify.annotations.NullMarked;
