package dev.coffer.repository.session;

import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.index.ChunkIndex;
import dev.coffer.repository.index.IndexBlob;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.pack.PackDirectory;
import dev.coffer.repository.pack.PackWriter;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * The way of chunks into a vault during one session. A chunk is named, and the vault asked whether it has it; what is new is compressed, sealed and stored. A crew of threads does that for large
 * chunks, which are copied for it; it names those that are followed by others of the same content, too. What waits for the crew is bounded in bytes. The first failure of the crew stops it, and
 * every later call throws it.
 *
 * <p>A chunk of another session is relied on only when its pack is durable: that session may never come to an end.
 */
final class ChunkIntake implements AutoCloseable {
    // To hand a chunk over to the crew costs a copy and a wake-up; those who have many small ones are many threads.
    private static final int HANDED_OVER_FROM = 256 << 10;
    // One more than there are processors for, since who has completed a pack waits for the disk.
    private static final int MORE_IN_THE_CREW = 1;
    private static final int WAITING_FOR_THE_CREW = 3;
    private static final int ENTRIES_IN_INDEX_BLOB = 1 << 18;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final SecureRandom random;
    private final ChunkIndex index;
    private final ChunkCoders coders;
    private final Predicate<Bytes32> known;
    private final PackWriter packs;
    // Nodes of trees and lists have packs of their own, so that a walk reads them and nothing else.
    private final PackWriter nodes;
    private final ExecutorService crew;
    private final int handedOverFrom;
    private final int budget;
    private final Semaphore bytesInFlight;
    // Chunks of this session that are not durable yet.
    private final Set<Bytes32> onTheWay = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    private final AtomicLong newBytes = new AtomicLong();
    private final AtomicLong indexBytes = new AtomicLong();
    private final ArrayDeque<byte[]> buffers = new ArrayDeque<>();
    private final Object indexLock = new Object();
    // Packs that no index blob names yet; guarded by indexLock.
    private List<PackDirectory> unindexed = new ArrayList<>();
    private int unindexedEntries;

    ChunkIntake(
            BlobStore store,
            VaultKeys keys,
            FormatParameters parameters,
            SecureRandom random,
            ChunkIndex index,
            ChunkCoders coders,
            Predicate<Bytes32> known,
            int workers,
            ThreadFactory threads) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.random = random;
        this.index = index;
        this.coders = coders;
        this.known = known;
        this.packs = new PackWriter(store, keys, parameters, random, this::durable);
        this.nodes = new PackWriter(store, keys, parameters, random, this::durable);
        int members = workers + MORE_IN_THE_CREW;
        this.crew = Executors.newFixedThreadPool(members, threads);
        this.handedOverFrom = Math.min(HANDED_OVER_FROM, parameters.chunkAverage());
        this.budget = Math.multiplyExact(members + WAITING_FOR_THE_CREW, parameters.chunkMax());
        this.bytesInFlight = new Semaphore(budget, true);
    }

    /** Takes a chunk of a content, as a {@link ChunkSink} does; counts what is new. */
    Bytes32 put(byte[] bytes, int offset, int length) throws InterruptedException {
        return put(packs, bytes, offset, length, newBytes);
    }

    /** The same for one that has others behind it: a large one is named while the caller goes on. The array is the caller's again on return. */
    Future<Bytes32> putAhead(byte[] bytes, int offset, int length) throws InterruptedException {
        return length < handedOverFrom
                ? CompletableFuture.completedFuture(put(bytes, offset, length))
                : send(bytes, offset, length, (copy, size) -> {
                    var id = id(copy, 0, size);
                    if (isNew(id)) {
                        newBytes.addAndGet(size);
                        store(packs, id, copy, 0, size);
                    }
                    return id;
                });
    }

    /** Waits for the name of a chunk. */
    Bytes32 await(Future<Bytes32> name) throws InterruptedException {
        try {
            return name.get();
        } catch (ExecutionException | CancellationException stopped) {
            throwFailure();
            throw new IllegalStateException("the session has ended", stopped);
        }
    }

    /** The way for nodes of trees and lists. */
    ChunkSink metadata() {
        return (bytes, offset, length) -> put(nodes, bytes, offset, length, new AtomicLong());
    }

    /** Bytes of content that were new to the vault. */
    long newBytes() {
        return newBytes.get();
    }

    /** Bytes of the packs and index blobs that were stored. */
    long storedBytes() {
        return packs.storedBytes() + nodes.storedBytes() + indexBytes.get();
    }

    private Bytes32 put(PackWriter to, byte[] bytes, int offset, int length, AtomicLong counter)
            throws InterruptedException {
        throwFailure();
        var id = id(bytes, offset, length);
        if (!isNew(id)) {
            return id;
        }
        counter.addAndGet(length);
        if (length < handedOverFrom) {
            store(to, id, bytes, offset, length);
            throwFailure();
        } else {
            // What fails there fails the session.
            var _ = send(bytes, offset, length, (copy, size) -> {
                store(to, id, copy, 0, size);
                return id;
            });
        }
        return id;
    }

    /** Whether the chunk has to be stored; true once. */
    private boolean isNew(Bytes32 id) {
        if (!onTheWay.add(id)) {
            return false;
        }
        boolean isKnown = known.test(id);
        if (isKnown) {
            onTheWay.remove(id);
        }
        return !isKnown;
    }

    private Bytes32 id(byte[] bytes, int offset, int length) {
        if (length > parameters.largestChunk()) {
            throw new IllegalArgumentException("a chunk is larger than the vault's chunks may be");
        }
        var coder = coders.borrow();
        try {
            return coder.id(bytes, offset, length);
        } finally {
            coders.giveBack(coder);
        }
    }

    /** What the crew does with its copy of a chunk, which is at the start of the array. */
    private interface Task {
        Bytes32 run(byte[] copy, int length);
    }

    private Future<Bytes32> send(byte[] bytes, int offset, int length, Task task) throws InterruptedException {
        boolean pooled = length <= parameters.chunkMax();
        int cost = pooled ? parameters.chunkMax() : Math.clamp(length, 64, budget);
        try {
            bytesInFlight.acquire(cost);
        } catch (InterruptedException stop) {
            // Others may rely on this chunk already, so without it the session cannot commit.
            fail(stop);
            throw stop;
        }
        try {
            throwFailure();
            byte[] copy;
            if (pooled) {
                copy = buffer();
                System.arraycopy(bytes, offset, copy, 0, length);
            } else {
                copy = Arrays.copyOfRange(bytes, offset, offset + length);
            }
            return crew.submit(() -> {
                try {
                    return task.run(copy, length);
                } catch (RuntimeException | Error failed) {
                    fail(failed);
                    throw failed;
                } finally {
                    if (pooled) {
                        giveBack(copy);
                    }
                    bytesInFlight.release(cost);
                }
            });
        } catch (RejectedExecutionException stopped) {
            bytesInFlight.release(cost);
            throwFailure();
            throw new IllegalStateException("the session has ended", stopped);
        } catch (InterruptedException | RuntimeException | Error failed) {
            bytesInFlight.release(cost);
            fail(failed);
            throw failed;
        }
    }

    private byte[] buffer() {
        synchronized (buffers) {
            if (!buffers.isEmpty()) {
                return buffers.pop();
            }
        }
        return new byte[parameters.chunkMax()];
    }

    private void giveBack(byte[] buffer) {
        synchronized (buffers) {
            buffers.push(buffer);
        }
    }

    // Throws nothing: what fails here fails the session.
    private void store(PackWriter to, Bytes32 id, byte[] bytes, int offset, int length) {
        if (failure.get().isPresent()) {
            return;
        }
        try {
            withCoder(coder -> to.add(coder, id, bytes, offset, length));
        } catch (InterruptedException | RuntimeException | Error failed) {
            fail(failed);
        }
    }

    private interface Work {
        void run(ChunkCoder coder) throws InterruptedException;
    }

    private void withCoder(Work work) throws InterruptedException {
        var coder = coders.borrow();
        try {
            work.run(coder);
        } finally {
            coders.giveBack(coder);
        }
    }

    private void fail(Throwable failed) {
        if (failure.compareAndSet(Optional.empty(), Optional.of(failed))) {
            stopCrew();
            // What was queued will not give its bytes back, and nobody is to wait for them.
            bytesInFlight.release(budget);
        }
    }

    /** Wakes those of the crew that wait for room for another pack, and those who wait for what is queued. */
    private void stopCrew() {
        for (var queued : crew.shutdownNow()) {
            ((Future<?>) queued).cancel(false);
        }
    }

    /** Throws the first failure, if there is one. */
    void throwFailure() throws InterruptedException {
        var failed = failure.get();
        if (failed.isPresent()) {
            switch (failed.get()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case InterruptedException stop -> {
                    var again = new InterruptedException("storing chunks was stopped");
                    again.initCause(stop);
                    throw again;
                }
                case Throwable other -> throw new IllegalStateException("storing chunks failed", other);
            }
        }
    }

    private void durable(PackDirectory pack) throws InterruptedException {
        // The index first: from here on a look-up finds the chunk in one of both.
        index.add(pack);
        pack.entries().forEach(entry -> onTheWay.remove(entry.id()));
        List<PackDirectory> full = List.of();
        synchronized (indexLock) {
            unindexed.add(pack);
            unindexedEntries += pack.entries().size();
            if (unindexedEntries >= ENTRIES_IN_INDEX_BLOB) {
                full = takeUnindexed();
            }
        }
        storeIndex(full);
    }

    private List<PackDirectory> takeUnindexed() {
        var taken = unindexed;
        unindexed = new ArrayList<>();
        unindexedEntries = 0;
        return taken;
    }

    private void storeIndex(List<PackDirectory> directories) throws InterruptedException {
        if (directories.isEmpty()) {
            return;
        }
        var salt = new byte[Bytes32.LENGTH];
        random.nextBytes(salt);
        var blob = IndexBlob.encode(directories, keys, parameters, Bytes32.of(salt, 0));
        var name = Digests.sha256(blob, 0, blob.length);
        try {
            store.create(BlobNames.index(name), Payload.of(blob));
        } catch (StoreException.AlreadyExists same) {
            // Named by its bytes, as packs are.
        }
        indexBytes.addAndGet(blob.length);
        index.know(name);
    }

    /** Makes all chunks durable, then the index blob that names their packs. No chunk is on its way into this any more. */
    void flush() throws InterruptedException {
        bytesInFlight.acquire(budget);
        bytesInFlight.release(budget);
        throwFailure();
        withCoder(packs::flush);
        withCoder(nodes::flush);
        List<PackDirectory> rest;
        synchronized (indexLock) {
            rest = takeUnindexed();
        }
        storeIndex(rest);
    }

    /** Stops the crew and waits for its end. */
    @Override
    public void close() {
        stopCrew();
        boolean interrupted = false;
        while (true) {
            try {
                if (crew.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
