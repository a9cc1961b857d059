package dev.coffer.repository.tree;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.chunk.ChunkSource;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.Digests;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Chunks in memory, named by their digests; counts what is read. */
final class MemoryChunks implements ChunkSink, ChunkSource {
    final Map<Bytes32, byte[]> bytesById = new ConcurrentHashMap<>();
    final AtomicLong reads = new AtomicLong();

    @Override
    public Bytes32 put(byte[] bytes, int offset, int length) {
        var id = Digests.sha256(bytes, offset, length);
        bytesById.putIfAbsent(id, Arrays.copyOfRange(bytes, offset, offset + length));
        return id;
    }

    @Override
    public byte[] get(Bytes32 id) {
        reads.incrementAndGet();
        return Optional.ofNullable(bytesById.get(id))
                .orElseThrow(() -> new RepositoryException.Corrupt("chunk " + id + " is missing"));
    }

    /** How many of these chunks another one does not have. */
    long notIn(MemoryChunks other) {
        return bytesById.keySet().stream()
                .filter(id -> !other.bytesById.containsKey(id))
                .count();
    }

    /** The same chunks, one of them with other bytes under its id. */
    MemoryChunks with(Bytes32 id, byte[] bytes) {
        var changed = new MemoryChunks();
        changed.bytesById.putAll(bytesById);
        changed.bytesById.put(id, bytes);
        return changed;
    }
}
