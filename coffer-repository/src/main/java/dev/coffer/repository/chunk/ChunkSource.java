package dev.coffer.repository.chunk;

import dev.coffer.repository.format.Bytes32;

/** Gives the bytes of chunks. */
public interface ChunkSource {
    /** The plaintext of a chunk, authenticated and compared with its id. Corrupt if the vault does not have it whole. The array is not to be changed. */
    byte[] get(Bytes32 id) throws InterruptedException;
}
