/** The names of blobs, the format blob, and the checked reading and writing of fields. Described in docs/format/repository-v1.md. */
@NullMarked
package dev.coffer.repository.format;

import org.jspecify.annotations.NullMarked;
