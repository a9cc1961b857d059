package dev.coffer.repository.pack;

import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.Bytes32;

/**
 * Where a chunk lies in its pack.
 *
 * @param sealedBytes its length in the pack, tags included
 * @param logicalBytes its length as plaintext
 */
public record PackEntry(Bytes32 id, int offset, int sealedBytes, int logicalBytes, Encoding encoding) {}
