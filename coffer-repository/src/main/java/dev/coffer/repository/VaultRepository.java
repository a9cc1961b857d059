package dev.coffer.repository;

import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.store.Capability;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.cold.TieredStore;
import dev.coffer.repository.facts.StoredFacts;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.manifest.ManifestCodec;
import dev.coffer.repository.manifest.PointManifest;
import dev.coffer.repository.manifest.Points;
import dev.coffer.repository.pack.BlockCache;
import dev.coffer.repository.pack.PackReader;
import dev.coffer.repository.read.PointReader;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.session.PointWriter;
import dev.coffer.repository.store.Reserve;
import dev.coffer.repository.sweep.Presence;
import dev.coffer.repository.sweep.Sweeper;
import dev.coffer.repository.tree.TreeWalk;
import dev.coffer.repository.verify.Verifier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One vault in a blob store. */
final class VaultRepository implements Repository {
    private static final Logger LOG = LoggerFactory.getLogger(VaultRepository.class);

    private final TieredStore store;
    private final VaultKeys keys;
    private final ChunkIndex index;
    private final Reserve reserve;
    private final ChunkCoders coders;
    private final ChunkCoders coldCoders;
    private final StoredChunks chunks;
    private final PointWriter writer;
    private final Points points;
    private final StoredFacts facts;
    private final Sweeper sweeper;
    private final Verifier verifier;
    private volatile boolean closed;

    private VaultRepository(
            TieredStore store,
            VaultKeys keys,
            FormatParameters parameters,
            Path cache,
            BlockCache blocks,
            SecureRandom random,
            RepositorySettings settings,
            ChunkIndex index)
            throws InterruptedException {
        this.store = store;
        this.keys = keys;
        this.index = index;
        this.reserve = settings.reserve();
        this.coders = new ChunkCoders(keys, parameters.segmentBytes(), settings.zstdLevel());
        this.chunks = new StoredChunks(store, keys, parameters, index, new PackReader(store, blocks, keys, coders));
        this.coldCoders = new ChunkCoders(
                keys,
                parameters.segmentBytes(),
                settings.cold().map(RepositorySettings.Cold::zstdLevel).orElse(settings.zstdLevel()));
        var gear = GearChunker.table(keys.gearTable());
        var scratch = cache.resolve("scratch");
        this.writer = new PointWriter(
                store, keys, parameters, random, index, coders, settings.workers(), settings.threads(), scratch, gear);
        var coldWriter = new PointWriter(
                store.coldSide(),
                keys,
                parameters,
                random,
                index,
                coldCoders,
                settings.workers(),
                settings.threads(),
                scratch,
                gear);
        this.points = new Points(store, new ManifestCodec(keys, parameters.segmentBytes()), random);
        this.facts = new StoredFacts(store, keys, parameters.segmentBytes(), random);
        this.sweeper = new Sweeper(
                store,
                keys,
                parameters,
                index,
                chunks,
                points,
                writer,
                coldWriter,
                settings.owner().orElseGet(() -> "x" + Long.toHexString(random.nextLong())),
                random,
                settings.unusedAtMost());
        this.verifier = new Verifier(store, keys, parameters, index, coders, chunks, points, settings.workers());
    }

    /** Opens a vault: takes the local index from the cache folder and compares it with the store. */
    static VaultRepository open(
            TieredStore store,
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

    @Override
    public Manifest write(
            SessionId id, PointDescription point, Optional<SessionId> parent, Capture capture, Runnable beforeCommit)
            throws InterruptedException {
        mustBeOpen();
        try (var _ = sweeper.enter("write " + id)) {
            // An earlier attempt may have failed when the point could be seen already.
            var earlier = points.settled(id);
            if (earlier.isPresent()) {
                return earlier.get().manifest();
            }
            if (points.isForgotten(id)) {
                throw new RepositoryException.Forgotten(id);
            }
            sweeper.learnExclusions();
            // Chunks are relied on that others may have stored or removed since the last look.
            index.refresh();
            var compared = parent.isPresent() ? parent(parent.get()) : Optional.<PointReader>empty();
            var written = writer.write(id, point, compared, capture);
            mustBeOpen();
            beforeCommit.run();
            return points.commit(written).manifest();
        }
    }

    /** A parent only saves work, so one that is gone or damaged is none. */
    private Optional<PointReader> parent(SessionId id) throws InterruptedException {
        try {
            return points.find(id).map(found -> new PointReader(found, chunks));
        } catch (RepositoryException.Corrupt damaged) {
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .addKeyValue("point", id)
                    .setCause(damaged)
                    .log("the parent point is damaged, everything is read from the resource");
            return Optional.empty();
        }
    }

    @Override
    public RecoveryPointReader open(SessionId id) throws InterruptedException {
        return reader(id);
    }

    private PointReader reader(SessionId id) throws InterruptedException {
        mustBeOpen();
        return points.find(id)
                .map(found -> new PointReader(found, chunks, new HeldPoint(id)))
                .orElseThrow(() -> new RepositoryException.NotFound("recovery point " + id));
    }

    /** Makes a mark when the first byte is wanted: who only looks at a manifest keeps nothing. */
    private final class HeldPoint implements PointReader.Pin {
        private final SessionId id;
        private Optional<Presence.Mark> mark = Optional.empty();
        private boolean held;
        private boolean ended;

        HeldPoint(SessionId id) {
            this.id = id;
        }

        @Override
        public synchronized void hold() throws InterruptedException {
            if (held || ended) {
                return;
            }
            if (points.isCold(id)) {
                // Without its disk, what is missing would look like damage.
                store.requireCold();
            }
            mark = sweeper.enterToRead("read " + id);
            held = true;
            // Until now it could be deleted, and what it needs be freed.
            if (points.find(id).isEmpty()) {
                close();
                throw new RepositoryException.NotFound("recovery point " + id);
            }
        }

        @Override
        public synchronized void close() {
            ended = true;
            mark.ifPresent(Presence.Mark::close);
            mark = Optional.empty();
        }
    }

    /** As the port says; if manifests are damaged, the first of them is thrown when all others have been shown. */
    @Override
    public void points(Consumer<Manifest> visit) throws InterruptedException {
        mustBeOpen();
        Optional<RepositoryException> damage = Optional.empty();
        for (var id : points.ids()) {
            Optional<PointManifest> found = Optional.empty();
            try {
                found = points.find(id);
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
        reserve.use(() -> {
            points.forget(id);
            facts.forget(id);
            return true;
        });
    }

    @Override
    public SweepReport sweep() throws InterruptedException {
        mustBeOpen();
        return reserve.use(sweeper::sweep);
    }

    @Override
    public boolean chill(List<SessionId> ids) throws InterruptedException {
        mustBeOpen();
        return reserve.use(() -> sweeper.chill(ids));
    }

    @Override
    public List<SessionId> cold() throws InterruptedException {
        mustBeOpen();
        var ids = points.ids();
        ids.retainAll(Set.copyOf(points.cold()));
        return ids;
    }

    @Override
    public VerifyReport verify(VerifyRequest request) throws InterruptedException {
        mustBeOpen();
        store.requireColdIfUsed();
        var mark = sweeper.enterToRead("verify");
        try {
            return verifier.verify(request);
        } finally {
            mark.ifPresent(Presence.Mark::close);
        }
    }

    @Override
    public void compare(SessionId earlier, SessionId later, Differences differences) throws InterruptedException {
        try (var before = reader(earlier);
                var after = reader(later)) {
            before.compareWith(after, differences);
        }
    }

    @Override
    public void retain(SessionId id, Instant until) throws InterruptedException {
        mustBeOpen();
        if (!store.capabilities().contains(Capability.RETENTION)) {
            return;
        }
        try (var _ = sweeper.enter("retain " + id)) {
            var point = points.find(id).orElseThrow(() -> new RepositoryException.NotFound("recovery point " + id));
            var packs = new HashSet<Bytes32>();
            new TreeWalk(chunks, new TreeWalk.Visitor() {
                        @Override
                        public boolean node(Bytes32 node) {
                            content(node);
                            return true;
                        }

                        @Override
                        public void content(Bytes32 chunk) {
                            index.places(chunk, place -> {
                                packs.add(place.pack().name());
                                return true;
                            });
                        }
                    })
                    .walk(point.tree());
            for (var pack : packs) {
                store.retain(BlobNames.pack(pack), until);
            }
            // Last: a manifest that is kept stands for data that is.
            facts.retain(id, until);
            store.retain(BlobNames.FORMAT, until);
            store.retain(BlobNames.point(id), until);
        }
    }

    @Override
    public VaultFacts facts() {
        mustBeOpen();
        return facts;
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
        coldCoders.close();
    }
}
