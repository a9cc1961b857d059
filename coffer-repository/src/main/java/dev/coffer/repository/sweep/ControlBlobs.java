package dev.coffer.repository.sweep;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SealedBlob;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/** The sealed blobs of sessions and sweeps, each bound to its key. */
final class ControlBlobs {
    private static final int LONGEST = 512 << 20;

    private final BlobStore store;
    private final VaultKeys keys;
    private final int segmentBytes;
    private final SecureRandom random;

    ControlBlobs(BlobStore store, VaultKeys keys, int segmentBytes, SecureRandom random) {
        this.store = store;
        this.keys = keys;
        this.segmentBytes = segmentBytes;
        this.random = random;
    }

    BlobStore store() {
        return store;
    }

    SecureRandom random() {
        return random;
    }

    /** Stores a blob, durable on return; AlreadyExists of the store if there is one. */
    void create(BlobKey key, FieldWriter body) throws InterruptedException {
        var bytes = new byte[Bytes32.LENGTH];
        random.nextBytes(bytes);
        var salt = Bytes32.of(bytes, 0);
        var header = new BlobHeader(BlobHeader.Kind.CONTROL, segmentBytes, keys.vault(), salt);
        var blob = SealedBlob.seal(header, keys.controlKey(salt), name(key), body.array(), body.length());
        store.create(key, Payload.of(blob));
    }

    /** The body of a blob, if there is one; Corrupt if it is not authentic. */
    Optional<FieldReader> read(BlobKey key) throws InterruptedException {
        var blob = Blobs.readAll(store, key, LONGEST);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        var what = "blob " + key;
        var body = SealedBlob.open(
                blob.get(), BlobHeader.Kind.CONTROL, keys.vault(), segmentBytes, keys::controlKey, name(key), what);
        return Optional.of(new FieldReader(body, what));
    }

    private static byte[] name(BlobKey key) {
        return key.value().getBytes(StandardCharsets.US_ASCII);
    }

    /** What to tell of a damaged list: nothing is deleted until somebody has looked. */
    static RepositoryException.Corrupt unusable(BlobKey key, RepositoryException cause) {
        return new RepositoryException.Corrupt(
                "the list of a sweep, " + key + ", is damaged. Nothing is freed in this vault until the blobs"
                        + " of that sweep are put back from a copy, or removed while no process has the vault open",
                cause);
    }
}
