package dev.coffer.repository.session;

import dev.coffer.repository.chunk.ChunkSink;
import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Cuts one content into chunks and holes. Used by one thread. */
final class ContentCutter {
    private static final int FIRST_BUFFER = 64 << 10;

    private final GearChunker chunker;
    private final FormatParameters parameters;
    private final ChunkSink chunks;
    private final Extents extents;
    private final Buffers buffers;
    private byte[] buffer;
    private int filled;
    private long hole;
    private long size;

    /** Receives what a content consists of, front to back. */
    interface Extents {
        void chunk(Bytes32 id, int length) throws InterruptedException;

        void hole(long length);
    }

    /** Buffers that contents have used, for those that follow. For any number of threads. */
    static final class Buffers {
        private final ConcurrentLinkedDeque<byte[]> free = new ConcurrentLinkedDeque<>();

        byte[] take() {
            return Optional.ofNullable(free.poll()).orElseGet(() -> new byte[FIRST_BUFFER]);
        }

        void giveBack(byte[] buffer) {
            free.push(buffer);
        }
    }

    /** @param gear the vault's table */
    ContentCutter(long[] gear, FormatParameters parameters, ChunkSink chunks, Extents extents, Buffers buffers) {
        this.buffers = buffers;
        this.buffer = buffers.take();
        this.chunker = new GearChunker(gear, parameters);
        this.parameters = parameters;
        this.chunks = chunks;
        this.extents = extents;
    }

    void write(ByteBuffer bytes) throws InterruptedException {
        if (bytes.hasRemaining()) {
            endHole();
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), parameters.chunkMax() - filled);
            room(filled + count);
            bytes.get(buffer, filled, count);
            size += count;
            cut(count);
        }
    }

    private void room(int needed) {
        if (buffer.length < needed) {
            // Most contents are small; a large one soon has a buffer for the largest chunk.
            int doubled = Math.min(parameters.chunkMax(), Math.max(FIRST_BUFFER, buffer.length * 4));
            buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
        }
    }

    private void cut(int fresh) throws InterruptedException {
        int start = 0;
        int scanned = filled;
        filled += fresh;
        while (scanned < filled) {
            int length = chunker.scan(buffer, scanned, filled - scanned);
            if (length < 0) {
                break;
            }
            scanned += length;
            emit(start, scanned - start);
            start = scanned;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
        }
    }

    private void emit(int start, int length) throws InterruptedException {
        extents.chunk(chunks.put(buffer, start, length), length);
    }

    void hole(long length) throws InterruptedException {
        if (length < 0) {
            throw new IllegalArgumentException("a hole is not shorter than nothing");
        }
        if (length == 0) {
            return;
        }
        endChunk();
        hole += length;
        size = Math.addExact(size, length);
    }

    private void endChunk() throws InterruptedException {
        if (filled > 0) {
            emit(0, filled);
            filled = 0;
        }
        chunker.restart();
    }

    private void endHole() {
        if (hole > 0) {
            extents.hole(hole);
            hole = 0;
        }
    }

    /** Ends the content; returns its size. */
    long finish() throws InterruptedException {
        endChunk();
        endHole();
        return size;
    }

    /** Gives the buffer back. Nothing is written afterwards. */
    void close() {
        if (buffer.length > 0) {
            buffers.giveBack(buffer);
            buffer = new byte[0];
        }
    }
}
