package dev.coffer.repository.read;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Keeps the nodes of trees and lists that were used last, up to a number of bytes, and names the point in what goes wrong. For any number of threads. */
final class NodeCache implements ChunkSource {
    private static final long BYTES_AT_MOST = 8 << 20;

    private final ChunkSource chunks;
    private final String what;
    // In the order of use; guarded by this, as is the sum of their sizes.
    private final LinkedHashMap<Bytes32, byte[]> nodes = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    NodeCache(ChunkSource chunks, String what) {
        this.chunks = chunks;
        this.what = what;
    }

    @Override
    public byte[] get(Bytes32 id) throws InterruptedException {
        synchronized (this) {
            var known = Optional.ofNullable(nodes.get(id));
            if (known.isPresent()) {
                return known.get();
            }
        }
        byte[] node;
        try {
            node = chunks.get(id);
        } catch (RepositoryException.Corrupt damage) {
            throw new RepositoryException.Corrupt(what + ": " + damage.getMessage(), damage);
        }
        synchronized (this) {
            if (nodes.put(id, node) == null) {
                bytes += node.length;
            }
            var oldest = nodes.entrySet().iterator();
            while (bytes > BYTES_AT_MOST && oldest.hasNext()) {
                bytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
        return node;
    }
}
