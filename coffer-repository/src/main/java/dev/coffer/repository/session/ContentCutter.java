package dev.coffer.repository.session;

import dev.coffer.repository.chunk.GearChunker;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FormatParameters;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Future;

/** Cuts one content into chunks and holes. Used by one thread. */
final class ContentCutter {
    private static final int FIRST_BUFFER = 64 << 10;
    private static final int UNTOLD_AT_MOST = 64;

    private final GearChunker chunker;
    private final FormatParameters parameters;
    private final ChunkIntake chunks;
    private final Extents extents;
    // What the extents have not been told yet, front to back: it begins with a chunk that has no name yet.
    private final ArrayDeque<Part> untold = new ArrayDeque<>();
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

    private sealed interface Part {
        /** @param name what the chunk will be called */
        record Chunk(Future<Bytes32> name, int length) implements Part {}

        record Hole(long length) implements Part {}
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
    ContentCutter(long[] gear, FormatParameters parameters, ChunkIntake chunks, Extents extents, Buffers buffers) {
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
            append(new Part.Chunk(chunks.putAhead(buffer, start, scanned - start), scanned - start));
            start = scanned;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, filled - start);
            filled -= start;
        }
    }

    private void append(Part part) throws InterruptedException {
        untold.add(part);
        while (!untold.isEmpty() && (untold.size() > UNTOLD_AT_MOST || isNamed(untold.element()))) {
            tell(untold.remove());
        }
    }

    private static boolean isNamed(Part part) {
        return switch (part) {
            case Part.Chunk chunk -> chunk.name().isDone();
            case Part.Hole _ -> true;
        };
    }

    private void tell(Part part) throws InterruptedException {
        switch (part) {
            case Part.Chunk(var name, var length) -> extents.chunk(chunks.await(name), length);
            case Part.Hole(var length) -> extents.hole(length);
        }
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
            append(new Part.Chunk(CompletableFuture.completedFuture(chunks.put(buffer, 0, filled)), filled));
            filled = 0;
        }
        chunker.restart();
    }

    private void endHole() throws InterruptedException {
        if (hole > 0) {
            append(new Part.Hole(hole));
            hole = 0;
        }
    }

    /** Ends the content; returns its size. */
    long finish() throws InterruptedException {
        endChunk();
        endHole();
        while (!untold.isEmpty()) {
            tell(untold.remove());
        }
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
