package dev.coffer.repository.pack;

import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.Encoding;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts chunks into packs and stores each pack that is full, from any number of threads: a thread compresses and seals its chunk itself, and the thread that completes a pack stores it. At most
 * {@value #PACKS_AT_MOST} packs are in memory; a thread that needs another one waits for the store.
 */
public final class PackWriter {
    private static final int PACKS_AT_MOST = 3;
    private static final int FIRST_BUFFER = 1 << 20;

    private final BlobStore store;
    private final VaultKeys keys;
    private final FormatParameters parameters;
    private final SecureRandom random;
    private final PackListener listener;
    private final Semaphore packsInMemory = new Semaphore(PACKS_AT_MOST);
    private final AtomicLong storedBytes = new AtomicLong();
    private final Object lock = new Object();
    private final ArrayDeque<byte[]> buffers = new ArrayDeque<>();
    private Optional<OpenPack> current = Optional.empty();

    public PackWriter(
            BlobStore store, VaultKeys keys, FormatParameters parameters, SecureRandom random, PackListener listener) {
        this.store = store;
        this.keys = keys;
        this.parameters = parameters;
        this.random = random;
        this.listener = listener;
    }

    private record Reserved(OpenPack pack, PackEntry entry) {}

    /** Adds a chunk. It is durable when the listener has been told of its pack, which {@link #flush} brings about. */
    public void add(ChunkCoder coder, Bytes32 id, byte[] plain, int offset, int length) throws InterruptedException {
        int compressed = coder.compress(plain, offset, length);
        var encoding = compressed < 0 ? Encoding.RAW : Encoding.ZSTD;
        var encoded = compressed < 0 ? plain : coder.encoded();
        int encodedAt = compressed < 0 ? offset : 0;
        int encodedBytes = compressed < 0 ? length : compressed;
        var reserved = reserve(coder, id, encodedBytes, length, encoding);
        var pack = reserved.pack;
        coder.seal(pack.key(), reserved.entry.offset(), length, encoding, encoded, encodedAt, encodedBytes);
        if (pack.fill(reserved.entry, coder.sealed(0))) {
            store(pack, coder);
        }
    }

    private Reserved reserve(ChunkCoder coder, Bytes32 id, int encodedBytes, int length, Encoding encoding)
            throws InterruptedException {
        while (true) {
            Optional<OpenPack> full = Optional.empty();
            synchronized (lock) {
                if (current.isPresent()) {
                    var pack = current.get();
                    var entry = pack.reserve(id, encodedBytes, length, encoding);
                    if (entry.isPresent()) {
                        return new Reserved(pack, entry.get());
                    }
                    full = current;
                    current = Optional.empty();
                }
            }
            // Nobody waits for the store with the lock in hand: those who fill their places must go on.
            if (full.isPresent()) {
                // The buffer that coder.encoded() names stays as it is: storing a pack does not compress.
                closeAndStore(full.get(), coder);
            }
            packsInMemory.acquire();
            synchronized (lock) {
                if (current.isPresent()) {
                    packsInMemory.release();
                } else {
                    current = Optional.of(newPack());
                }
            }
        }
    }

    private OpenPack newPack() {
        var bytes = new byte[Bytes32.LENGTH];
        random.nextBytes(bytes);
        var salt = Bytes32.of(bytes, 0);
        var header = new BlobHeader(BlobHeader.Kind.PACK, parameters.segmentBytes(), keys.vault(), salt);
        var buffer = buffers.isEmpty() ? new byte[Math.min(FIRST_BUFFER, parameters.packBytes())] : buffers.pop();
        return new OpenPack(header, keys.packKey(salt), parameters.packBytes(), buffer);
    }

    private void closeAndStore(OpenPack pack, ChunkCoder coder) throws InterruptedException {
        if (pack.close()) {
            store(pack, coder);
        }
    }

    private void store(OpenPack pack, ChunkCoder coder) throws InterruptedException {
        try {
            if (!pack.isEmpty()) {
                listener.durable(stored(pack, coder));
            }
        } finally {
            synchronized (lock) {
                buffers.push(pack.bytes());
            }
            packsInMemory.release();
        }
    }

    private PackDirectory stored(OpenPack pack, ChunkCoder coder) throws InterruptedException {
        var bytes = pack.bytes();
        var entries = pack.entries();
        int size = PackLayout.finish(
                bytes, pack.end(), pack.salt(), entries, keys, coder.sealer(), parameters.segmentBytes());
        var name = Digests.sha256(bytes, 0, size);
        try {
            store.create(BlobNames.pack(name), Payload.of(bytes, size));
        } catch (StoreException.AlreadyExists same) {
            // A pack is named by the hash of its bytes: an attempt that seemed to fail has stored exactly these.
        }
        storedBytes.addAndGet(size);
        return new PackDirectory(name, pack.salt(), size, entries);
    }

    /** Stores the pack that is not full yet. All threads have come back from {@link #add}. */
    public void flush(ChunkCoder coder) throws InterruptedException {
        Optional<OpenPack> last;
        synchronized (lock) {
            last = current;
            current = Optional.empty();
        }
        if (last.isPresent()) {
            closeAndStore(last.get(), coder);
        }
    }

    /** Bytes of the packs that have been stored. */
    public long storedBytes() {
        return storedBytes.get();
    }
}
