/** The nouns of Coffer. */
@NullMarked
package dev.coffer.core;

import org.jspecify.annotations.NullMarked;
