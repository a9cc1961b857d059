/** The items of a recovery point as a content-defined sorted tree of chunks, and the lists of large contents. */
@NullMarked
package dev.coffer.repository.tree;

import org.jspecify.annotations.NullMarked;
