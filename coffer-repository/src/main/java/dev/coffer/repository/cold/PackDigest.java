package dev.coffer.repository.cold;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;

/** The digest of what a store gives for a blob. */
final class PackDigest {
    private static final int PIECE = 1 << 20;

    private PackDigest() {}

    static Bytes32 of(BlobStore store, BlobKey key, long size) throws InterruptedException {
        var sha = Digests.sha256();
        var piece = new byte[(int) Math.min(PIECE, size)];
        for (long at = 0; at < size; at += piece.length) {
            int length = (int) Math.min(piece.length, size - at);
            Blobs.read(store, key, at, piece, length);
            sha.update(piece, 0, length);
        }
        return Bytes32.of(sha.digest(), 0);
    }
}
