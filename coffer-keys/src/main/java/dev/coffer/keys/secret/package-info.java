/** Texts that nobody may see: passphrases and PINs, and where they come from. */
@NullMarked
package dev.coffer.keys.secret;

import org.jspecify.annotations.NullMarked;
