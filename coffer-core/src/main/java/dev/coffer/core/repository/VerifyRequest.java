package dev.coffer.core.repository;

import dev.coffer.core.store.BlobStore;
import java.util.Optional;

/**
 * What to verify.
 *
 * @param depth how closely
 * @param range of which packs the bytes are read
 * @param copy another store of the same vault, from which damaged and missing blobs are put right
 */
public record VerifyRequest(Depth depth, PackRange range, Optional<BlobStore> copy) {
    /** How closely a vault is verified. */
    public enum Depth {
        /** Every blob that is not a pack, the directory of every pack, the tree of every point, and that every chunk of it has a place. */
        STRUCTURE,
        /** The same, and every byte of the packs in the range against the packs' digests. */
        BYTES,
        /** The same, and every chunk in the range opened, and compared with its id. */
        CONTENT
    }

    /** Everything. */
    public static final VerifyRequest ALL = new VerifyRequest(Depth.CONTENT, PackRange.ALL, Optional.empty());

    /** The structure alone. */
    public static final VerifyRequest STRUCTURE = new VerifyRequest(Depth.STRUCTURE, PackRange.ALL, Optional.empty());

    /** The content of some packs, beside the structure. */
    public static VerifyRequest contentOf(PackRange range) {
        return new VerifyRequest(Depth.CONTENT, range, Optional.empty());
    }

    /** The same, with repair from a second copy. */
    public VerifyRequest repairedFrom(BlobStore store) {
        return new VerifyRequest(depth, range, Optional.of(store));
    }
}
