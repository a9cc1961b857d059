package dev.coffer.repository.verify;

import dev.coffer.core.repository.PackRange;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.index.IndexBlob;
import dev.coffer.repository.index.LiveChunks;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.manifest.Points;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.read.StoredChunks;
import dev.coffer.repository.tree.TreeRoot;
import dev.coffer.repository.tree.TreeWalk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Verifies a vault with its keys: blobs, packs, and that every point can be restored from what is there. Damage is named with the points that it touches. */
public final class Verifier {
    private static final int WAITING_PACKS = 64;
    private static final int RANGE_SHIFT = 48;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final ChunkIndex index;
    private final ChunkCoders coders;
    private final StoredChunks chunks;
    private final Points points;
    private final int readers;

    /** @param workers how many packs are looked into at a time, while one more is read; each takes the memory of a pack and a chunk */
    public Verifier(
            BlobStore store,
            VaultKeys keys,
            FormatParameters parameters,
            ChunkIndex index,
            ChunkCoders coders,
            StoredChunks chunks,
            Points points,
            int workers) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.index = index;
        this.coders = coders;
        this.chunks = chunks;
        this.points = points;
        // While these compute, the disk reads for one more.
        this.readers = workers + 1;
    }

    /** Verifies what is asked for. The caller is present in the vault, so that no sweep takes what is read. */
    public VerifyReport verify(VerifyRequest request) throws InterruptedException {
        return new Run(request).run();
    }

    private final class Run {
        private final VerifyRequest request;
        private final Optional<SecondCopy> copy;
        private final Findings findings = new Findings();
        private final AtomicLong packs = new AtomicLong();
        private final AtomicLong packsRead = new AtomicLong();
        private final AtomicLong bytesRead = new AtomicLong();
        // Where copies of chunks are damaged: the blob that holds them.
        private final Map<Bytes32, String> damagedChunks = new ConcurrentHashMap<>();
        private long walked;

        Run(VerifyRequest request) {
            this.request = request;
            this.copy = request.copy().map(other -> new SecondCopy(store, other));
        }

        VerifyReport run() throws InterruptedException {
            for (var prefix : List.of(
                    BlobNames.KEYS,
                    BlobNames.SESSIONS,
                    BlobNames.SWEEPS,
                    BlobNames.LOCKS,
                    BlobNames.LIFECYCLES,
                    BlobNames.HOLDS,
                    BlobNames.POINTS)) {
                smallBlobs(prefix);
            }
            formatBlob();
            indexBlobs();
            packs();
            // Behind the packs, so that what was repaired and what was found missing is known.
            index.refresh();
            if (walkPoints() > 0 && copy.isPresent() && copy.get().addMissingPacks() > 0) {
                index.refresh();
                walkPoints();
            }
            return new VerifyReport(
                    walked, packs.get(), packsRead.get(), bytesRead.get(), findings.list(), findings.count());
        }

        private void formatBlob() throws InterruptedException {
            var size = store.size(BlobNames.FORMAT);
            var damage = size.isEmpty()
                    ? Optional.of("it is missing; nothing can be read without it once this process ends")
                    : BlobCheck.damage(store, new BlobInfo(BlobNames.FORMAT, size.getAsLong()));
            if (damage.isPresent()) {
                findings.add(BlobNames.FORMAT.value(), damage.get());
                repair(new BlobInfo(BlobNames.FORMAT, size.orElse(0)));
            }
        }

        private List<BlobInfo> list(String prefix) throws InterruptedException {
            var found = new ArrayList<BlobInfo>();
            store.list(prefix, info -> {
                found.add(info);
                return true;
            });
            return found;
        }

        private void smallBlobs(String prefix) throws InterruptedException {
            for (var info : list(prefix)) {
                var damage = BlobCheck.damage(store, info);
                if (damage.isPresent()) {
                    findings.add(info.key().value(), damage.get());
                    boolean repaired = repair(info);
                    if (!repaired) {
                        BlobNames.sessionOf(info.key())
                                .ifPresent(id -> findings.affects(info.key().value(), id));
                    }
                }
            }
        }

        private boolean repair(BlobInfo info) throws InterruptedException {
            if (copy.isPresent() && copy.get().replace(info.key())) {
                findings.repaired(info.key().value());
                return true;
            }
            return false;
        }

        private void indexBlobs() throws InterruptedException {
            for (var info : list(BlobNames.INDEX)) {
                var name = BlobNames.digestOf(info.key());
                if (name.isEmpty()) {
                    continue;
                }
                var damage = BlobCheck.damage(store, info);
                if (damage.isEmpty()) {
                    damage = undecodable(name.get());
                }
                if (damage.isPresent()) {
                    findings.add(info.key().value(), damage.get() + "; its packs say the same, so it is not needed");
                    try {
                        store.delete(info.key());
                        findings.repaired(info.key().value());
                    } catch (StoreException.Denied | StoreException.Retained stays) {
                        // Nothing but time depends on it.
                    }
                }
            }
        }

        private Optional<String> undecodable(Bytes32 name) throws InterruptedException {
            try {
                var blob = Blobs.readAll(store, BlobNames.index(name), IndexBlob.LONGEST);
                if (blob.isPresent()) {
                    var _ = IndexBlob.decode(blob.get(), keys, parameters, "index blob " + name);
                }
                return Optional.empty();
            } catch (RepositoryException.Corrupt damaged) {
                return Optional.ofNullable(damaged.getMessage());
            }
        }

        private record PackWork(Bytes32 name, BlobInfo info) {}

        private void packs() throws InterruptedException {
            BlockingQueue<Optional<PackWork>> queue = new ArrayBlockingQueue<>(WAITING_PACKS);
            try (var group = TaskGroup.<Boolean>onPlatformThreads("verify")) {
                group.fork(() -> {
                    // One folder of packs after the other, so that the list is never long.
                    for (int first = 0; first < 256; first++) {
                        for (var info : list(BlobNames.PACKS + "%02x/".formatted(first))) {
                            var name = BlobNames.digestOf(info.key());
                            if (name.isPresent()) {
                                queue.put(Optional.of(new PackWork(name.get(), info)));
                            }
                        }
                    }
                    for (int i = 0; i < readers; i++) {
                        queue.put(Optional.empty());
                    }
                    return true;
                });
                for (int i = 0; i < readers; i++) {
                    group.fork(() -> {
                        var check = new PackCheck(store, keys, parameters, index);
                        for (var work = queue.take(); work.isPresent(); work = queue.take()) {
                            pack(check, work.get());
                        }
                        return true;
                    });
                }
                group.join();
            }
        }

        private boolean isRead(Bytes32 name) {
            PackRange range = request.range();
            return request.depth() != Depth.STRUCTURE && range.has((int) (name.first() >>> RANGE_SHIFT));
        }

        private void pack(PackCheck check, PackWork work) throws InterruptedException {
            packs.incrementAndGet();
            try {
                var damage = looked(check, work);
                if (damage.isEmpty()) {
                    if (isRead(work.name) && request.depth() == Depth.CONTENT) {
                        // Somebody may have put it right by hand.
                        index.trust(work.name);
                    }
                    return;
                }
                var blob = work.info.key().value();
                findings.add(blob, damage.get().what());
                if (repair(work.info)) {
                    index.trust(work.name);
                    return;
                }
                distrust(work.name, blob, damage.get());
            } catch (StoreException.NotFound gone) {
                // Deleted since it was listed; if a point needs it, the walk finds that.
            } catch (StoreException.OutOfRange shorter) {
                findings.add(work.info.key().value(), "it is cut off");
                index.drop(work.name);
            }
        }

        private Optional<PackCheck.Damage> looked(PackCheck check, PackWork work) throws InterruptedException {
            if (!isRead(work.name)) {
                return check.directory(work.name, work.info.size());
            }
            packsRead.incrementAndGet();
            bytesRead.addAndGet(work.info.size());
            if (request.depth() == Depth.BYTES) {
                return check.all(work.name, work.info.size(), Optional.empty());
            }
            var coder = coders.borrow();
            try {
                return check.all(work.name, work.info.size(), Optional.of(coder));
            } finally {
                coders.giveBack(coder);
            }
        }

        /** Notes which chunks are not to be relied on; those of a pack that cannot be looked into are found by the index. */
        private void distrust(Bytes32 pack, String blob, PackCheck.Damage damage) throws InterruptedException {
            var broken = damage.chunks().isPresent() ? damage.chunks().get() : index.chunksOf(pack);
            for (var chunk : broken) {
                index.distrust(chunk, pack);
                damagedChunks.put(chunk, blob);
            }
        }

        /** Walks all points; returns how many need chunks that are nowhere. */
        private int walkPoints() throws InterruptedException {
            var walk = new Walk(index.liveChunks());
            walked = 0;
            int damaged = 0;
            for (var id : points.ids()) {
                var blob = BlobNames.point(id).value();
                findings.remove(blob + "#chunks");
                try {
                    var point = points.find(id);
                    if (point.isPresent()) {
                        walked++;
                        damaged += walk.of(id, point.get().tree()) ? 0 : 1;
                    }
                } catch (RepositoryException.Corrupt manifest) {
                    findings.add(blob, String.valueOf(manifest.getMessage()));
                    findings.affects(blob, id);
                }
            }
            return damaged;
        }

        /** Walks points, what they share once, unless it is damaged. */
        private final class Walk implements TreeWalk.Visitor {
            private final LiveChunks sound;
            private final TreeWalk walk = new TreeWalk(chunks, this);
            // For each node on the way, whether anything below it is damaged.
            private final Deque<boolean[]> way = new ArrayDeque<>();
            private Optional<Bytes32> firstMissing = Optional.empty();
            private Optional<SessionId> point = Optional.empty();
            private long missingChunks;

            Walk(LiveChunks sound) {
                this.sound = sound;
            }

            /** Whether all chunks of the point are there. */
            boolean of(SessionId id, TreeRoot root) throws InterruptedException {
                point = Optional.of(id);
                firstMissing = Optional.empty();
                missingChunks = 0;
                way.clear();
                way.push(new boolean[1]);
                try {
                    walk.walk(root);
                } catch (RepositoryException.Corrupt node) {
                    report(String.valueOf(node.getMessage()));
                    return missingChunks == 0;
                }
                if (missingChunks > 0) {
                    report(missingChunks + " of the chunks that it needs are in no pack; the first is "
                            + firstMissing.orElseThrow());
                    return false;
                }
                return true;
            }

            private void report(String damage) {
                var blob = BlobNames.point(point.orElseThrow()).value() + "#chunks";
                findings.add(blob, damage);
                findings.affects(blob, point.orElseThrow());
            }

            @Override
            public boolean node(Bytes32 node) {
                if (sound.isMarked(node)) {
                    return false;
                }
                look(node);
                way.push(new boolean[1]);
                return true;
            }

            @Override
            public void content(Bytes32 chunk) {
                look(chunk);
            }

            private void look(Bytes32 chunk) {
                if (index.places(chunk, (ChunkPlace _) -> false)) {
                    way.element()[0] = true;
                    var blob = Optional.ofNullable(damagedChunks.get(chunk));
                    if (blob.isPresent()) {
                        findings.affects(blob.get(), point.orElseThrow());
                    } else {
                        missingChunks++;
                        firstMissing = Optional.of(firstMissing.orElse(chunk));
                    }
                }
            }

            @Override
            public void leave(Bytes32 node) {
                boolean damaged = way.pop()[0];
                if (damaged) {
                    way.element()[0] = true;
                } else {
                    sound.mark(node);
                }
            }
        }
    }
}
