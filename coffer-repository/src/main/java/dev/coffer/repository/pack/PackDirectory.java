package dev.coffer.repository.pack;

import dev.coffer.repository.format.Bytes32;
import java.util.List;

/**
 * What one durable pack holds.
 *
 * @param name SHA-256 of the pack's bytes
 * @param salt of the pack's key
 * @param size of the pack in bytes
 * @param entries in the order of their offsets
 */
public record PackDirectory(Bytes32 name, Bytes32 salt, int size, List<PackEntry> entries) {
    public PackDirectory {
        entries = List.copyOf(entries);
    }

    /** The pack without its entries. */
    public PackRef pack() {
        return new PackRef(name, salt, size);
    }
}
