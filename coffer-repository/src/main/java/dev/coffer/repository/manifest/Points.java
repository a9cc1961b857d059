package dev.coffer.repository.manifest;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The recovery points of a vault: manifests, and marks of those that were deleted. A mark outweighs its manifest, whichever of them came first, so a writer that was held up cannot bring a
 * deleted point back. For any number of threads.
 */
public final class Points {
    private static final byte[] MARK = {'f', 'o', 'r', 'g', 'o', 't', 't', 'e', 'n', '\n'};
    private static final byte[] COLD_MARK = {'c', 'o', 'l', 'd', '\n'};

    private final BlobStore store;
    private final ManifestCodec codec;
    private final SecureRandom random;

    public Points(BlobStore store, ManifestCodec codec, SecureRandom random) {
        this.store = store;
        this.codec = codec;
        this.random = random;
    }

    /** The point, if it is one; Corrupt if its manifest is damaged. */
    public Optional<PointManifest> find(SessionId id) throws InterruptedException {
        return isForgotten(id) ? Optional.empty() : stored(id);
    }

    /** As {@link #find}, durable on return: an attempt that failed may have shown the point before it was. Not without a mark in {@code sessions/}, since it could bring a deleted point back. */
    public Optional<PointManifest> settled(SessionId id) throws InterruptedException {
        var key = BlobNames.point(id);
        var blob = isForgotten(id) ? Optional.<byte[]>empty() : Blobs.readAll(store, key, ManifestCodec.LONGEST);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        var point = codec.decode(id, blob.get());
        Blobs.settle(store, key, blob.get());
        return Optional.of(point);
    }

    private Optional<PointManifest> stored(SessionId id) throws InterruptedException {
        return Blobs.readAll(store, BlobNames.point(id), ManifestCodec.LONGEST).map(blob -> codec.decode(id, blob));
    }

    /** Whether the point was deleted. */
    public boolean isForgotten(SessionId id) throws InterruptedException {
        return store.size(BlobNames.forgotten(id)).isPresent();
    }

    /** The ids of all points, in their order. */
    public List<SessionId> ids() throws InterruptedException {
        // Marks first: a point that is forgotten in between is shown, and is not found when it is looked up.
        var gone = new HashSet<>(forgotten());
        var ids = list(BlobNames.POINTS, BlobNames::sessionOf);
        ids.removeAll(gone);
        return ids;
    }

    /** The points whose deletion marks are there. */
    public List<SessionId> forgotten() throws InterruptedException {
        return list(BlobNames.FORGOTTEN, BlobNames::forgottenOf);
    }

    /** The points that are marked as cold, in their order. A mark of a point that is gone may still be there. */
    public List<SessionId> cold() throws InterruptedException {
        return list(BlobNames.COLD, BlobNames::coldOf);
    }

    /** Whether the point is marked as cold. */
    public boolean isCold(SessionId id) throws InterruptedException {
        return store.size(BlobNames.cold(id)).isPresent();
    }

    /** Marks the point as cold for good; durable on return. A repeat changes nothing. */
    public void markCold(SessionId id) throws InterruptedException {
        Blobs.settle(store, BlobNames.cold(id), COLD_MARK);
    }

    private List<SessionId> list(String prefix, Function<BlobKey, Optional<SessionId>> name)
            throws InterruptedException {
        var ids = new ArrayList<SessionId>();
        store.list(prefix, info -> {
            name.apply(info.key()).ifPresent(ids::add);
            return true;
        });
        return ids;
    }

    /**
     * Makes the point visible, durable on return. If another writer of this id was faster, its point stands and is returned.
     *
     * @throws RepositoryException.Forgotten if the point was deleted meanwhile
     * @throws RepositoryException.Corrupt if the manifest does not come back as it was written
     */
    public PointManifest commit(PointManifest written) throws InterruptedException {
        var id = written.manifest().id();
        var salt = new byte[Bytes32.LENGTH];
        random.nextBytes(salt);
        var blob = codec.encode(written, Bytes32.of(salt, 0));
        var key = BlobNames.point(id);
        try {
            store.create(key, Payload.of(blob));
        } catch (StoreException.AlreadyExists first) {
            // Another writer of this id has committed, or an attempt that seemed to fail has not: that point stands.
            return find(id).orElseThrow(() -> new RepositoryException.Forgotten(id));
        }
        var stored = Blobs.readAll(store, key, ManifestCodec.LONGEST);
        if (isForgotten(id)) {
            store.delete(key);
            throw new RepositoryException.Forgotten(id);
        }
        if (stored.isEmpty() || !Arrays.equals(stored.get(), blob)) {
            store.delete(key);
            throw new RepositoryException.Corrupt("the manifest of " + id + " did not come back as it was written");
        }
        return written;
    }

    /** Deletes the point for good; durable on return. A repeat changes nothing. Retained of the store, and no change, if it keeps the manifest. */
    public void forget(SessionId id) throws InterruptedException {
        // First, since a point that the store keeps is to stay one.
        store.delete(BlobNames.point(id));
        try {
            store.create(BlobNames.forgotten(id), Payload.of(MARK));
        } catch (StoreException.AlreadyExists repeat) {
            // The mark is what counts.
        }
        // A writer may have committed in between; from here on none can.
        store.delete(BlobNames.point(id));
    }

    /** Removes the mark of a point that nobody can bring back any more, and what is left of the point. */
    public void buryMark(SessionId id) throws InterruptedException {
        store.delete(BlobNames.point(id));
        store.delete(BlobNames.cold(id));
        store.delete(BlobNames.forgotten(id));
    }
}
