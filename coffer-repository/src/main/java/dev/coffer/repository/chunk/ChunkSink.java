package dev.coffer.repository.chunk;

import dev.coffer.repository.format.Bytes32;

/** Takes chunks and names them. */
@FunctionalInterface
public interface ChunkSink {
    /** Stores the bytes, unless the vault has them, and returns their id. The array is the caller's again on return. */
    Bytes32 put(byte[] bytes, int offset, int length) throws InterruptedException;
}
