package dev.coffer.repository.index;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.ChunkPlace;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackLayout;
import dev.coffer.repository.pack.PackRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where each chunk of a vault lies. The truth is in the store: the directories in the packs, and index blobs that repeat them. This keeps what it has learnt in mapped files of a local folder
 * and the newest of it in memory, so that heap does not grow with the number of chunks; the folder may be lost at any time. Only chunks of packs that the store was seen to have are found.
 * For any number of threads.
 */
public final class ChunkIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkIndex.class);
    private static final int ENTRIES_IN_MEMORY = 1 << 16;
    private static final int RUNS_AT_MOST = 8;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final RunFolder folder;
    private final Set<Copy> damaged = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();

    // Written under the lock. The runs are written first when entries move from memory to a run, and read last, so that
    // a look-up never misses both.
    private volatile List<IndexRun> runs;
    private volatile Memory memory = new Memory();
    private volatile PackFilter excluded = _ -> false;
    private final AtomicLong refreshes = new AtomicLong();

    // Blobs that cannot be read, so that they are not read again and again; guarded by the lock.
    private final Set<Bytes32> broken = new HashSet<>();

    private record Copy(Bytes32 chunk, Bytes32 pack) {}

    /** What no file has yet. Changed under the lock only. */
    private static final class Memory {
        private final Map<Bytes32, ChunkPlace> places = new ConcurrentHashMap<>();
        // Further copies of chunks that have a place already; few. Forgetting one of them would let a sweep take the
        // last copy.
        private final Map<Bytes32, List<ChunkPlace>> copies = new ConcurrentHashMap<>();
        private final Map<Bytes32, PackRef> packs = new HashMap<>();
        private final Set<Bytes32> indexes = new HashSet<>();
    }

    private ChunkIndex(
            BlobStore store, VaultKeys keys, FormatParameters parameters, Path folder, RandomGenerator random) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.folder = new RunFolder(folder, keys.vault(), random);
        this.runs = this.folder.open();
    }

    /** The index of a vault, as its store is now. */
    public static ChunkIndex open(
            BlobStore store, VaultKeys keys, FormatParameters parameters, Path folder, RandomGenerator random)
            throws InterruptedException {
        var index = new ChunkIndex(store, keys, parameters, folder, random);
        index.refresh();
        return index;
    }

    /** Whether the vault has the chunk, as far as is known, where a new point may rely on it: not only in packs that a sweep may take. */
    public boolean contains(Bytes32 id) {
        return isOutside(excluded, id);
    }

    /** Whether the vault has the chunk in a pack that is none of these. */
    public boolean isOutside(PackFilter filter, Bytes32 id) {
        return !places(id, place -> filter.has(place.pack().name()));
    }

    /** Some packs. */
    @FunctionalInterface
    public interface PackFilter {
        boolean has(Bytes32 pack);
    }

    /** Says which packs new points may not rely on, from now on. */
    public void exclude(PackFilter packs) {
        excluded = packs;
    }

    /** All entries as they are now, none of them marked. */
    public LiveChunks liveChunks() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            flush();
            if (!memory.packs.isEmpty()) {
                throw new StoreException.Unavailable(
                        "the index cache of vault " + keys.vault() + " cannot be written",
                        new IOException("see the log"));
            }
            return new LiveChunks(runs);
        } finally {
            lock.unlock();
        }
    }

    /** Shows the places of a chunk until {@code visit} returns false; whether all were shown. */
    public boolean places(Bytes32 id, Predicate<ChunkPlace> visit) {
        Predicate<ChunkPlace> sound = place -> !isUsable(id, place) || visit.test(place);
        var now = memory;
        var newest = now.places.get(id);
        if (newest != null && !sound.test(newest)) {
            return false;
        }
        for (var copy : now.copies.getOrDefault(id, List.of())) {
            if (!sound.test(copy)) {
                return false;
            }
        }
        for (var run : runs) {
            if (!run.places(id, sound)) {
                return false;
            }
        }
        return true;
    }

    private boolean isUsable(Bytes32 id, ChunkPlace place) {
        return damaged.isEmpty() || !damaged.contains(new Copy(id, place.pack().name()));
    }

    /** Takes in a pack that is durable. A repeat changes nothing. */
    public void add(PackDirectory pack) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            addLocked(pack);
            if (memory.places.size() >= ENTRIES_IN_MEMORY) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private void addLocked(PackDirectory directory) {
        var present = memory;
        if (present.packs.containsKey(directory.name())) {
            return;
        }
        var pack = directory.pack();
        present.packs.put(pack.name(), pack);
        for (var entry : directory.entries()) {
            var place =
                    new ChunkPlace(pack, entry.offset(), entry.sealedBytes(), entry.logicalBytes(), entry.encoding());
            if (present.places.putIfAbsent(entry.id(), place) != null) {
                present.copies.merge(
                        entry.id(),
                        List.of(place),
                        (some, one) ->
                                Stream.concat(some.stream(), one.stream()).toList());
            }
        }
    }

    /** Says that an index blob holds nothing but packs that have been added. */
    public void know(Bytes32 indexBlob) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            memory.indexes.add(indexBlob);
        } finally {
            lock.unlock();
        }
    }

    /** Says that this copy of a chunk is not what was written. It is not found any more, so that the next write stores the chunk again. Holds while the vault is open. */
    public void distrust(Bytes32 chunk, Bytes32 pack) {
        damaged.add(new Copy(chunk, pack));
    }

    /** Says that the pack has been put right: its copies of chunks are found again. */
    public void trust(Bytes32 pack) {
        damaged.removeIf(copy -> copy.pack().equals(pack));
    }

    /** The chunks that the pack should hold, as far as is known. Looks at the whole index. */
    public List<Bytes32> chunksOf(Bytes32 pack) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var chunks = new ArrayList<Bytes32>();
            memory.places.forEach((id, place) -> {
                if (place.pack().name().equals(pack)
                        || memory.copies.getOrDefault(id, List.of()).stream()
                                .anyMatch(copy -> copy.pack().name().equals(pack))) {
                    chunks.add(id);
                }
            });
            for (var run : runs) {
                int number = run.numberOf(pack);
                var entries = run.wideWindow();
                for (long at = 0; number >= 0 && at < run.entries(); at++) {
                    if (entries.pack(at) == number) {
                        chunks.add(entries.id(at));
                    }
                }
            }
            return chunks;
        } finally {
            lock.unlock();
        }
    }

    /** Says that the store does not have the pack, or not all of it. */
    public void drop(Bytes32 pack) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            dropFromMemory(Set.of(pack));
            for (var run : runs) {
                int number = run.numberOf(pack);
                if (number >= 0) {
                    run.drop(number);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void dropFromMemory(Set<Bytes32> packs) {
        if (memory.packs.keySet().removeAll(packs)) {
            memory.copies.replaceAll((_, copies) -> copies.stream()
                    .filter(place -> !packs.contains(place.pack().name()))
                    .toList());
            // The entries that removeIf of this map shows cannot be changed.
            var entries = memory.places.entrySet().iterator();
            while (entries.hasNext()) {
                var entry = entries.next();
                if (!packs.contains(entry.getValue().pack().name())) {
                    continue;
                }
                var copies = memory.copies.getOrDefault(entry.getKey(), List.of());
                if (copies.isEmpty()) {
                    entries.remove();
                } else {
                    entry.setValue(copies.getFirst());
                    memory.copies.put(entry.getKey(), copies.subList(1, copies.size()));
                }
            }
        }
    }

    /** A number that changes with each {@link #refresh}. */
    public long refreshes() {
        return refreshes.get();
    }

    /** Compares with the store: packs that others have added are taken in, those that are gone are dropped. */
    public void refresh() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            var unknown = compare();
            if (!unknown.isEmpty()) {
                takeInIndexBlobs(unknown);
                takeInPacks(unknown);
            }
            refreshes.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** Refreshes, unless that has happened since {@link #refreshes} was this number. */
    public void refreshUnlessSince(long number) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (refreshes.get() == number) {
                refresh();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Marks what the store has; returns the sizes of the packs that are not known. No pack is added meanwhile, so one that is known and not listed is gone. */
    private Map<Bytes32, Long> compare() throws InterruptedException {
        var present = new ArrayList<BitSet>();
        runs.forEach(run -> present.add(new BitSet(run.packs())));
        var unknown = new HashMap<Bytes32, Long>();
        var gone = new HashSet<>(memory.packs.keySet());
        store.list(BlobNames.PACKS, info -> {
            BlobNames.digestOf(info.key()).ifPresent(name -> {
                var inMemory = Optional.ofNullable(memory.packs.get(name));
                boolean known = inMemory.isPresent() && inMemory.get().size() == info.size();
                if (known) {
                    gone.remove(name);
                }
                for (int i = 0; i < present.size(); i++) {
                    int number = runs.get(i).numberOf(name);
                    // A pack of another size has been cut off or overwritten: it is as good as gone.
                    if (number >= 0 && runs.get(i).pack(number).size() == info.size()) {
                        present.get(i).set(number);
                        known = true;
                    }
                }
                if (!known) {
                    unknown.put(name, info.size());
                }
            });
            return true;
        });
        dropFromMemory(gone);
        int missing = gone.size();
        for (int i = 0; i < present.size(); i++) {
            missing += runs.get(i).packs() - present.get(i).cardinality();
            runs.get(i).setPresent(present.get(i));
        }
        if (missing > 0) {
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .addKeyValue("packs", missing)
                    .log("packs are gone");
        }
        unknown.keySet().removeAll(broken);
        return unknown;
    }

    private boolean isKnownIndex(Bytes32 name) {
        return memory.indexes.contains(name)
                || broken.contains(name)
                || runs.stream().anyMatch(run -> run.hasIndex(name));
    }

    private void takeInIndexBlobs(Map<Bytes32, Long> unknown) throws InterruptedException {
        var blobs = new ArrayList<Bytes32>();
        store.list(BlobNames.INDEX, info -> {
            BlobNames.digestOf(info.key()).filter(name -> !isKnownIndex(name)).ifPresent(blobs::add);
            return true;
        });
        for (var name : blobs) {
            var packs = read(name);
            if (packs.isEmpty()) {
                continue;
            }
            for (var pack : packs.get()) {
                var size = unknown.get(pack.name());
                if (size != null && size == pack.size()) {
                    unknown.remove(pack.name());
                    addLocked(pack);
                }
            }
            memory.indexes.add(name);
            if (memory.places.size() >= ENTRIES_IN_MEMORY) {
                flush();
            }
        }
    }

    private Optional<List<PackDirectory>> read(Bytes32 name) throws InterruptedException {
        BlobKey key = BlobNames.index(name);
        try {
            var blob = Blobs.readAll(store, key, IndexBlob.LONGEST);
            return blob.map(bytes -> IndexBlob.decode(bytes, keys, parameters, "index blob " + name));
        } catch (RepositoryException unusable) {
            // The packs say the same, and are asked next.
            LOG.atWarn()
                    .addKeyValue("vault", keys.vault())
                    .addKeyValue("index", name)
                    .setCause(unusable)
                    .log("index blob is damaged, its packs are read instead");
            broken.add(name);
            return Optional.empty();
        }
    }

    private void takeInPacks(Map<Bytes32, Long> unknown) throws InterruptedException {
        for (var pack : unknown.entrySet()) {
            try {
                addLocked(PackLayout.read(store, pack.getKey(), pack.getValue(), keys, parameters));
            } catch (StoreException.NotFound | StoreException.OutOfRange gone) {
                continue;
            } catch (RepositoryException unusable) {
                LOG.atWarn()
                        .addKeyValue("vault", keys.vault())
                        .addKeyValue("pack", pack.getKey())
                        .setCause(unusable)
                        .log("pack is damaged, its chunks count as missing");
                broken.add(pack.getKey());
            }
            if (memory.places.size() >= ENTRIES_IN_MEMORY) {
                flush();
            }
        }
    }

    private void flush() {
        if (memory.packs.isEmpty() && memory.indexes.isEmpty()) {
            return;
        }
        try {
            var more = new ArrayList<>(runs);
            more.add(folder.write(memory.places, memory.copies, memory.packs, memory.indexes));
            runs = List.copyOf(more);
            memory = new Memory();
            runs = List.copyOf(folder.merged(runs, RUNS_AT_MOST));
        } catch (IOException failure) {
            // The vault is whole without its cache; what was not written stays in memory or in its old files.
            LOG.atWarn().addKeyValue("vault", keys.vault()).setCause(failure).log("index cache cannot be written");
        }
    }

    /** Writes what is in memory to the folder. */
    @Override
    public void close() {
        lock.lock();
        try {
            flush();
        } finally {
            lock.unlock();
        }
    }
}
