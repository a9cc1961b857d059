/** Pagination tokens that only their maker can make and only their asker can use. */
@NullMarked
package dev.coffer.wire.page;

import org.jspecify.annotations.NullMarked;
