/** Tags and their rules. */
@NullMarked
package dev.coffer.core.tag;

import org.jspecify.annotations.NullMarked;
