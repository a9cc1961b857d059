/** Tests of the whole, from outside: real clients against the installed distribution, and the architecture. */
@NullMarked
package dev.coffer.dist;

import org.jspecify.annotations.NullMarked;
