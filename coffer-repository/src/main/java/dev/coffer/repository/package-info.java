/**
 * The storage of vaults in folders. The order of durability of a write is: packs, index blobs, manifest; of a removal: index blobs, packs, format. What exists is never changed, so
 * nothing that can be reached refers to something that is not there yet. The bytes are described in docs/format/repository-v1.md.
 */
@NullMarked
package dev.coffer.repository;

import org.jspecify.annotations.NullMarked;
