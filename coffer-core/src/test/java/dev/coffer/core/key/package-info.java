/** Tests of the rules about wrapping keys. */
@NullMarked
package dev.coffer.core.key;

import org.jspecify.annotations.NullMarked;
