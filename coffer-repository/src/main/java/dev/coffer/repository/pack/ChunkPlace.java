package dev.coffer.repository.pack;

import dev.coffer.repository.chunk.Encoding;

/** Where in a vault a chunk lies. */
public record ChunkPlace(PackRef pack, int offset, int sealedBytes, int logicalBytes, Encoding encoding) {}
