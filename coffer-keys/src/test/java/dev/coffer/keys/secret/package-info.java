/** Tests, against the real thing wherever there is one. */
@NullMarked
package dev.coffer.keys.secret;

import org.jspecify.annotations.NullMarked;
