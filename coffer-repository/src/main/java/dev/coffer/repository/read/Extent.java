package dev.coffer.repository.read;

import dev.coffer.repository.format.Bytes32;
import java.util.Optional;

/** A stretch of a content: a chunk, or a hole if there is none. */
record Extent(Optional<Bytes32> chunk, long length) {}
