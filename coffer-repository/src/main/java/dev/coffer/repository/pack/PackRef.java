package dev.coffer.repository.pack;

import dev.coffer.repository.format.Bytes32;

/**
 * A pack, and what it takes to open its chunks.
 *
 * @param name SHA-256 of the pack's bytes
 * @param salt of the pack's key
 * @param size of the pack in bytes
 */
public record PackRef(Bytes32 name, Bytes32 salt, int size) {}
