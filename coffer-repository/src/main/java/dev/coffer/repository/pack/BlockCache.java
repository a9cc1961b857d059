package dev.coffer.repository.pack;

import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Pieces of packs as the store has them, the last used ones, of bounded size. A pack that is read front to back is read in large ranges whatever the size of its chunks, and threads that want
 * the same piece read it once. What it gives has not been authenticated.
 */
public final class BlockCache {
    // Small, since whoever looks for one node of a tree wants no more; who reads on gets many at once.
    private static final int BLOCK = 128 << 10;
    private static final int BLOCKS_AHEAD = 32;

    private record Key(Bytes32 pack, int block) {}

    private final int blocksAtMost;
    // In the order of use; guarded by this.
    private final LinkedHashMap<Key, CompletableFuture<byte[]>> blocks = new LinkedHashMap<>(64, 0.75f, true);

    /** @param bytesAtMost how much memory it may take */
    public BlockCache(long bytesAtMost) {
        blocksAtMost = (int) Math.max(2 * BLOCKS_AHEAD, bytesAtMost / BLOCK);
    }

    /** Copies a range of a pack to the start of the array. */
    void read(BlobStore store, PackRef pack, int offset, int length, byte[] into) throws InterruptedException {
        int done = 0;
        while (done < length) {
            int at = offset + done;
            int inBlock = at % BLOCK;
            var bytes = block(store, pack, at / BLOCK, (offset + length - 1) / BLOCK);
            int part = Math.min(length - done, bytes.length - inBlock);
            System.arraycopy(bytes, inBlock, into, done, part);
            done += part;
        }
    }

    private byte[] block(BlobStore store, PackRef pack, int block, int lastWanted) throws InterruptedException {
        while (true) {
            Optional<CompletableFuture<byte[]>> found;
            var mine = new ArrayList<CompletableFuture<byte[]>>();
            synchronized (this) {
                found = Optional.ofNullable(blocks.get(new Key(pack.name(), block)));
                if (found.isEmpty()) {
                    claim(pack, block, lastWanted, mine);
                }
            }
            if (found.isEmpty()) {
                return load(store, pack, block, mine);
            }
            try {
                return found.get().get();
            } catch (ExecutionException failed) {
                if (failed.getCause() instanceof InterruptedException) {
                    // The thread that was to read it was stopped, which is nothing to this one.
                    continue;
                }
                throw rethrown(failed);
            }
        }
    }

    private void claim(PackRef pack, int block, int lastWanted, List<CompletableFuture<byte[]>> mine) {
        int count = (pack.size() - 1) / BLOCK + 1;
        // Whoever has the block before reads in order, most likely.
        boolean inOrder = block > 0 && blocks.containsKey(new Key(pack.name(), block - 1));
        int until = Math.min(count, Math.max(lastWanted + 1, inOrder ? block + BLOCKS_AHEAD : block + 1));
        for (int next = block; next < until; next++) {
            var key = new Key(pack.name(), next);
            if (blocks.containsKey(key)) {
                break;
            }
            var future = new CompletableFuture<byte[]>();
            blocks.put(key, future);
            mine.add(future);
        }
        var oldest = blocks.entrySet().iterator();
        for (int surplus = blocks.size() - blocksAtMost; surplus > 0 && oldest.hasNext(); surplus--) {
            oldest.next();
            oldest.remove();
        }
    }

    private byte[] load(BlobStore store, PackRef pack, int block, List<CompletableFuture<byte[]>> mine)
            throws InterruptedException {
        int start = block * BLOCK;
        int length = Math.min(pack.size() - start, mine.size() * BLOCK);
        try {
            var bytes = Blobs.read(store, BlobNames.pack(pack.name()), start, length);
            var first = Arrays.copyOf(bytes, Math.min(BLOCK, length));
            mine.getFirst().complete(first);
            for (int i = 1; i < mine.size(); i++) {
                mine.get(i).complete(Arrays.copyOfRange(bytes, i * BLOCK, Math.min((i + 1) * BLOCK, length)));
            }
            return first;
        } catch (InterruptedException | RuntimeException | Error failure) {
            synchronized (this) {
                for (int i = 0; i < mine.size(); i++) {
                    blocks.remove(new Key(pack.name(), block + i));
                }
            }
            mine.forEach(future -> future.completeExceptionally(failure));
            throw failure;
        }
    }

    private static RuntimeException rethrown(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(failed);
        };
    }

    /** Forgets what it has of a pack, so that it is read again. */
    synchronized void forget(Bytes32 pack) {
        blocks.keySet().removeIf(key -> key.pack.equals(pack));
    }

    /** How many bytes it holds at most. */
    public long bytesAtMost() {
        return (long) blocksAtMost * BLOCK;
    }
}
