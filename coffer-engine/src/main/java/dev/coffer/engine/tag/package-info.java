/** The use cases of tags. */
@NullMarked
package dev.coffer.engine.tag;

import org.jspecify.annotations.NullMarked;
