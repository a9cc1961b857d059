/** Recovery points with millions of items: what listing, finding, comparing and capturing again cost. */
@NullMarked
package dev.coffer.bench.metadata;

import org.jspecify.annotations.NullMarked;
