package dev.coffer.repository.pack;

import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.chunk.ChunkCoder;
import dev.coffer.repository.chunk.ChunkCoders;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.key.VaultKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;

/** Reads chunks out of packs. For any number of threads. */
public final class PackReader {
    private static final int KEYS_AT_MOST = 256;
    // Most of what a large chunk costs to read is the copies on the way; nobody else wants its bytes.
    private static final int READ_ALONE_FROM = 256 << 10;

    private final BlobStore store;
    private final BlockCache blocks;
    private final VaultKeys keys;
    private final ChunkCoders coders;
    // Deriving a key costs more than opening a small chunk; guarded by itself.
    private final Map<Bytes32, SecretKey> keyBySalt = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes32, SecretKey> eldest) {
            return size() > KEYS_AT_MOST;
        }
    };

    public PackReader(BlobStore store, BlockCache blocks, VaultKeys keys, ChunkCoders coders) {
        this.store = store;
        this.blocks = blocks;
        this.keys = keys;
        this.coders = coders;
    }

    /**
     * Reads a chunk. False unless the bytes that the store has are authentic and have the id; then the content of {@code out} is void. NotFound or OutOfRange of the store if the pack is not
     * there or is shorter than it was.
     *
     * @param out receives the plaintext; at least {@code logicalBytes} long
     */
    public boolean read(Bytes32 id, ChunkPlace place, byte[] out) throws InterruptedException {
        var coder = coders.borrow();
        try {
            var sealed = coder.sealed(place.sealedBytes());
            if (place.sealedBytes() < READ_ALONE_FROM) {
                blocks.read(store, place.pack(), place.offset(), place.sealedBytes(), sealed);
                if (isOpened(coder, id, place, sealed, out)) {
                    return true;
                }
                // The pack may have been put right since its blocks were read.
                blocks.forget(place.pack().name());
            }
            Blobs.read(store, BlobNames.pack(place.pack().name()), place.offset(), sealed, place.sealedBytes());
            return isOpened(coder, id, place, sealed, out);
        } finally {
            coders.giveBack(coder);
        }
    }

    private boolean isOpened(ChunkCoder coder, Bytes32 id, ChunkPlace place, byte[] sealed, byte[] out) {
        return coder.open(
                key(place.pack().salt()),
                place.offset(),
                place.encoding(),
                sealed,
                place.sealedBytes(),
                id,
                out,
                place.logicalBytes());
    }

    private SecretKey key(Bytes32 salt) {
        synchronized (keyBySalt) {
            var known = keyBySalt.get(salt);
            if (known != null) {
                return known;
            }
        }
        var derived = keys.packKey(salt);
        synchronized (keyBySalt) {
            keyBySalt.put(salt, derived);
        }
        return derived;
    }
}
