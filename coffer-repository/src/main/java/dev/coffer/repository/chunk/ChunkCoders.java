package dev.coffer.repository.chunk;

import dev.coffer.repository.key.VaultKeys;
import java.util.ArrayDeque;

/** Lends coders to threads and keeps a few that are idle. */
public final class ChunkCoders implements AutoCloseable {
    private static final int IDLE_AT_MOST = 8;

    private final VaultKeys keys;
    private final int segmentBytes;
    private final int zstdLevel;
    private final ArrayDeque<ChunkCoder> idle = new ArrayDeque<>();

    public ChunkCoders(VaultKeys keys, int segmentBytes, int zstdLevel) {
        this.keys = keys;
        this.segmentBytes = segmentBytes;
        this.zstdLevel = zstdLevel;
    }

    /** A coder for the caller alone; to be given back. */
    public ChunkCoder borrow() {
        synchronized (idle) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new ChunkCoder(keys, segmentBytes, zstdLevel);
    }

    public void giveBack(ChunkCoder coder) {
        synchronized (idle) {
            if (idle.size() < IDLE_AT_MOST) {
                idle.push(coder);
                return;
            }
        }
        coder.close();
    }

    @Override
    public void close() {
        synchronized (idle) {
            idle.forEach(ChunkCoder::close);
            idle.clear();
        }
    }
}
