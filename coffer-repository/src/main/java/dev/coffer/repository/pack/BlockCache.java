package dev.coffer.repository.pack;

import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.Blobs;
import dev.coffer.repository.format.Bytes32;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Pieces of packs as the store has them, the last used ones, of bounded size. A pack that is read front to back is read in large ranges whatever the size of its chunks, and threads that want
 * the same piece read it once. What it gives has not been authenticated. Its arrays are used again: much passes through here, and lives just long enough to be in the collector's way.
 */
public final class BlockCache {
    // Small, since whoever looks for one node of a tree wants no more; who reads on gets many at once.
    private static final int BLOCK = 128 << 10;
    private static final int BLOCKS_AHEAD = 32;

    private record Key(Bytes32 pack, int number) {
        int start() {
            return number * BLOCK;
        }
    }

    /** A piece: its bytes are at the start of the array. What changes is guarded by the cache. */
    private static final class Block {
        private final Key key;
        private final int length;
        private final byte[] array;
        private final CompletableFuture<Block> filled = new CompletableFuture<>();
        /** Those who fill it or copy out of it. */
        private int users = 1;

        private boolean dropped;

        Block(Key key, int length, byte[] array) {
            this.key = key;
            this.length = length;
            this.array = array;
        }
    }

    private final int blocksAtMost;
    // In the order of use; guarded by this.
    private final LinkedHashMap<Key, Block> blocks = new LinkedHashMap<>(64, 0.75f, true);
    // Guarded by this.
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

    /** @param bytesAtMost how much memory it may take */
    public BlockCache(long bytesAtMost) {
        blocksAtMost = (int) Math.max(2 * BLOCKS_AHEAD, bytesAtMost / BLOCK);
    }

    /** Copies a range of a pack to the start of the array. */
    void read(BlobStore store, PackRef pack, int offset, int length, byte[] into) throws InterruptedException {
        int done = 0;
        while (done < length) {
            int at = offset + done;
            var block = block(store, pack, at / BLOCK, (offset + length - 1) / BLOCK);
            try {
                int inBlock = at - block.key.start();
                int part = Math.min(length - done, block.length - inBlock);
                System.arraycopy(block.array, inBlock, into, done, part);
                done += part;
            } finally {
                release(block);
            }
        }
    }

    /** The block, filled; the caller releases it. */
    private Block block(BlobStore store, PackRef pack, int number, int lastWanted) throws InterruptedException {
        while (true) {
            Optional<Block> found;
            var mine = new ArrayList<Block>();
            synchronized (this) {
                found = Optional.ofNullable(blocks.get(new Key(pack.name(), number)));
                if (found.isPresent()) {
                    found.get().users++;
                } else {
                    claim(pack, number, lastWanted, mine);
                }
            }
            if (found.isEmpty()) {
                fill(store, mine);
                return mine.getFirst();
            }
            boolean filled = false;
            try {
                var block = found.get().filled.get();
                filled = true;
                return block;
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof InterruptedException)) {
                    throw rethrown(failed);
                }
                // The thread that was to read it was stopped, which is nothing to this one.
            } finally {
                if (!filled) {
                    release(found.get());
                }
            }
        }
    }

    private void claim(PackRef pack, int number, int lastWanted, List<Block> mine) {
        int count = (pack.size() - 1) / BLOCK + 1;
        // Whoever has the block before reads in order, most likely.
        boolean inOrder = number > 0 && blocks.containsKey(new Key(pack.name(), number - 1));
        int until = Math.min(count, Math.max(lastWanted + 1, inOrder ? number + BLOCKS_AHEAD : number + 1));
        for (int next = number; next < until; next++) {
            var key = new Key(pack.name(), next);
            if (blocks.containsKey(key)) {
                break;
            }
            if (blocks.size() >= blocksAtMost) {
                drop(blocks.pollFirstEntry().getValue());
            }
            var array = spare.isEmpty() ? new byte[BLOCK] : spare.pop();
            var block = new Block(key, Math.min(BLOCK, pack.size() - key.start()), array);
            blocks.put(key, block);
            mine.add(block);
        }
    }

    /** Fills blocks that follow each other in a pack, and releases all but the first. */
    private void fill(BlobStore store, List<Block> mine) throws InterruptedException {
        var first = mine.getFirst();
        boolean filled = false;
        try {
            var arrays = mine.stream()
                    .map(block -> ByteBuffer.wrap(block.array, 0, block.length))
                    .toList();
            Blobs.read(store, BlobNames.pack(first.key.pack()), first.key.start(), arrays);
            mine.forEach(block -> block.filled.complete(block));
            filled = true;
        } catch (InterruptedException | RuntimeException | Error failure) {
            mine.forEach(this::forget);
            mine.forEach(block -> block.filled.completeExceptionally(failure));
            throw failure;
        } finally {
            mine.subList(filled ? 1 : 0, mine.size()).forEach(this::release);
        }
    }

    private static RuntimeException rethrown(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(failed);
        };
    }

    private synchronized void release(Block block) {
        block.users--;
        reuse(block);
    }

    private synchronized void forget(Block block) {
        if (blocks.remove(block.key, block)) {
            drop(block);
        }
    }

    private void drop(Block block) {
        block.dropped = true;
        reuse(block);
    }

    private void reuse(Block block) {
        if (block.dropped && block.users == 0) {
            spare.push(block.array);
        }
    }

    /** Forgets what it has of a pack, so that it is read again. */
    synchronized void forget(Bytes32 pack) {
        blocks.values().removeIf(block -> {
            boolean ofPack = block.key.pack.equals(pack);
            if (ofPack) {
                drop(block);
            }
            return ofPack;
        });
    }

    /** How many bytes it holds at most. */
    public long bytesAtMost() {
        return (long) blocksAtMost * BLOCK;
    }
}
