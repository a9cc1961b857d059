package dev.coffer.repository;

import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.manifest.ManifestCodec;
import dev.coffer.repository.manifest.PointManifest;
import dev.coffer.repository.pack.BlockCache;
import dev.coffer.repository.pack.PackReader;
import dev.coffer.repository.read.PointReader;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.session.PointWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One vault in a blob store. */
final class VaultRepository implements Repository {
    private static final Logger LOG = LoggerFactory.getLogger(VaultRepository.class);

    private final BlobStore store;
    private final VaultKeys keys;
    private final SecureRandom random;
    private final ChunkIndex index;
    private final ChunkCoders coders;
    private final StoredChunks chunks;
    private final PointWriter writer;
    private final ManifestCodec manifests;
    private volatile boolean closed;

    private VaultRepository(
            BlobStore store,
            VaultKeys keys,
            FormatParameters parameters,
            Path cache,
            BlockCache blocks,
            SecureRandom random,
            RepositorySettings settings,
            ChunkIndex index) {
        this.store = store;
        this.keys = keys;
        this.random = random;
        this.index = index;
        this.coders = new ChunkCoders(keys, parameters.segmentBytes(), settings.zstdLevel());
        this.chunks = new StoredChunks(store, keys, parameters, index, new PackReader(store, blocks, keys, coders));
        this.writer = new PointWriter(
                store,
                keys,
                parameters,
                random,
                index,
                coders,
                settings.workers(),
                settings.threads(),
                cache.resolve("scratch"),
                GearChunker.table(keys.gearTable()));
        this.manifests = new ManifestCodec(keys, parameters.segmentBytes());
    }

    /** Opens a vault: takes the local index from the cache folder and compares it with the store. */
    static VaultRepository open(
            BlobStore store,
            VaultKeys keys,
            FormatParameters parameters,
            Path cache,
            BlockCache blocks,
            SecureRandom random,
            RepositorySettings settings)
            throws InterruptedException {
        var index = ChunkIndex.open(store, keys, parameters, cache.resolve("index"), random);
        return new VaultRepository(store, keys, parameters, cache, blocks, random, settings, index);
    }

    VaultId vault() {
        return keys.vault();
    }

    private void mustBeOpen() {
        if (closed) {
            throw new IllegalStateException("the repository of vault " + keys.vault() + " is closed");
        }
    }

    private Optional<PointManifest> find(SessionId id) throws InterruptedException {
        return Blobs.readAll(store, BlobNames.point(id), ManifestCodec.LONGEST).map(blob -> manifests.decode(id, blob));
    }

    @Override
    public Manifest write(
            SessionId id, PointDescription point, Optional<SessionId> parent, Capture capture, Runnable beforeCommit)
            throws InterruptedException {
        mustBeOpen();
        var earlier = find(id);
        if (earlier.isPresent()) {
            return earlier.get().manifest();
        }
        // Chunks are relied on that others may have stored or removed since the last look.
        index.refresh();
        Optional<PointReader> compared = Optional.empty();
        if (parent.isPresent()) {
            compared = parent(parent.get());
        }
        var written = writer.write(id, point, compared, capture);
        mustBeOpen();
        beforeCommit.run();
        return commit(id, written);
    }

    /** A parent only saves work, so one that is gone or damaged is none. */
    private Optional<PointReader> parent(SessionId id) throws InterruptedException {
        try {
            return find(id).map(found -> new PointReader(found, chunks));
        } catch (RepositoryException.Corrupt damaged) {
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .addKeyValue("point", id)
                    .setCause(damaged)
                    .log("the parent point is damaged, everything is read from the resource");
            return Optional.empty();
        }
    }

    private Manifest commit(SessionId id, PointManifest written) throws InterruptedException {
        var salt = new byte[Bytes32.LENGTH];
        random.nextBytes(salt);
        var blob = manifests.encode(written, Bytes32.of(salt, 0));
        var key = BlobNames.point(id);
        try {
            store.create(key, Payload.of(blob));
        } catch (StoreException.AlreadyExists first) {
            // Another writer of this id has committed, or an attempt that seemed to fail has not: that point stands.
            return find(id).orElseThrow(() -> new RepositoryException.NotFound("recovery point " + id))
                    .manifest();
        }
        var stored = Blobs.readAll(store, key, ManifestCodec.LONGEST);
        if (stored.isEmpty() || !Arrays.equals(stored.get(), blob)) {
            store.delete(key);
            throw new RepositoryException.Corrupt("the manifest of " + id + " did not come back as it was written");
        }
        return written.manifest();
    }

    @Override
    public RecoveryPointReader open(SessionId id) throws InterruptedException {
        mustBeOpen();
        return find(id).map(found -> new PointReader(found, chunks))
                .orElseThrow(() -> new RepositoryException.NotFound("recovery point " + id));
    }

    /** As the port says; if manifests are damaged, the first of them is thrown when all others have been shown. */
    @Override
    public void points(Consumer<Manifest> visit) throws InterruptedException {
        mustBeOpen();
        var ids = new ArrayList<SessionId>();
        store.list(BlobNames.POINTS, info -> {
            BlobNames.sessionOf(info.key()).ifPresent(ids::add);
            return true;
        });
        Optional<RepositoryException> damage = Optional.empty();
        for (var id : ids) {
            Optional<PointManifest> found = Optional.empty();
            try {
                found = find(id);
            } catch (RepositoryException unreadable) {
                if (damage.isPresent()) {
                    damage.get().addSuppressed(unreadable);
                } else {
                    damage = Optional.of(unreadable);
                }
            }
            found.ifPresent(point -> visit.accept(point.manifest()));
        }
        if (damage.isPresent()) {
            throw damage.get();
        }
    }

    @Override
    public void forget(SessionId id) throws InterruptedException {
        mustBeOpen();
        store.delete(BlobNames.point(id));
    }

    @Override
    public long storedBytes() throws InterruptedException {
        mustBeOpen();
        var sum = new AtomicLong();
        store.list("", info -> {
            sum.addAndGet(info.size());
            return true;
        });
        return sum.get();
    }

    @Override
    public void close() {
        closed = true;
        index.close();
        coders.close();
    }
}
