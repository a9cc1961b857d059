/** The rows of tags. */
@NullMarked
package dev.coffer.catalog.tag;

import org.jspecify.annotations.NullMarked;
