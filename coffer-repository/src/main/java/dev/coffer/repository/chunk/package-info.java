/** Cutting content into chunks, naming them, compressing them. */
@NullMarked
package dev.coffer.repository.chunk;

import org.jspecify.annotations.NullMarked;
