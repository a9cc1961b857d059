/** Where each chunk lies: index blobs in the store and sorted runs in a local cache. */
@NullMarked
package dev.coffer.repository.index;

import org.jspecify.annotations.NullMarked;
