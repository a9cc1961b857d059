package dev.coffer.repository.read;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.format.Bytes32;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Gives the pieces of a content in order and fetches the next ones meanwhile, a bounded number of bytes ahead, in threads that end with this. A content of one chunk takes no thread. Used by one
 * thread.
 */
final class ReadAhead implements AutoCloseable {
    private static final long BYTES_AHEAD = 16 << 20;
    private static final int CHUNKS_AHEAD = 16;

    private final StoredChunks chunks;
    private final Extents extents;
    private final String what;
    private final ArrayDeque<Coming> coming = new ArrayDeque<>();
    private final ConcurrentLinkedDeque<byte[]> spare = new ConcurrentLinkedDeque<>();
    private long bytesAhead;
    private long offset;
    private boolean ended;

    /**
     * A piece in its place of the content.
     *
     * @param bytes the first {@code length} bytes of it; none for a hole
     */
    record Piece(long offset, long length, Optional<byte[]> bytes) {}

    private record Coming(Extent extent, long offset, Optional<FutureTask<byte[]>> task, Optional<Thread> thread) {}

    /**
     * @param start where in the content the extents begin
     * @param what names the content in messages
     */
    ReadAhead(StoredChunks chunks, Extents extents, long start, String what) {
        this.chunks = chunks;
        this.extents = extents;
        this.offset = start;
        this.what = what;
    }

    /** The next piece; empty at the end. Its bytes are the caller's until {@link #recycle}. */
    Optional<Piece> next() throws InterruptedException {
        fill();
        var first = coming.peek();
        if (first == null) {
            return Optional.empty();
        }
        var extent = first.extent;
        if (extent.chunk().isEmpty()) {
            coming.remove();
            return Optional.of(new Piece(first.offset, extent.length(), Optional.empty()));
        }
        var bytes = first.task.isPresent()
                ? result(first.task.get())
                : fetch(extent.chunk().get(), extent.length());
        coming.remove();
        bytesAhead -= extent.length();
        return Optional.of(new Piece(first.offset, extent.length(), Optional.of(bytes)));
    }

    private void fill() throws InterruptedException {
        while (!ended && coming.size() < CHUNKS_AHEAD && (coming.isEmpty() || bytesAhead < BYTES_AHEAD)) {
            var next = extents.next();
            if (next.isEmpty()) {
                ended = true;
                return;
            }
            var extent = next.get();
            // The only piece that is wanted is fetched by the thread that wants it.
            boolean parallel = extent.chunk().isPresent() && !coming.isEmpty();
            if (parallel) {
                var id = extent.chunk().get();
                var task = new FutureTask<>(() -> fetch(id, extent.length()));
                var thread = Thread.ofVirtual().name("read-ahead").start(task);
                coming.add(new Coming(extent, offset, Optional.of(task), Optional.of(thread)));
            } else {
                coming.add(new Coming(extent, offset, Optional.empty(), Optional.empty()));
            }
            offset += extent.length();
            if (extent.chunk().isPresent()) {
                bytesAhead += extent.length();
            }
        }
    }

    private byte[] fetch(Bytes32 id, long length) throws InterruptedException {
        try {
            return chunks.read(id, size -> {
                if (size != length) {
                    throw new RepositoryException.Corrupt("chunk " + id + " has " + size + " bytes, not " + length);
                }
                var buffer = spare.poll();
                return buffer == null || buffer.length < size ? new byte[size] : buffer;
            });
        } catch (RepositoryException.Corrupt damage) {
            throw new RepositoryException.Corrupt(what + ": " + damage.getMessage(), damage);
        }
    }

    private static byte[] result(FutureTask<byte[]> task) throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw switch (failed.getCause()) {
                case InterruptedException stop -> throw stop;
                case Error error -> throw error;
                case RuntimeException unchecked -> unchecked;
                case null, default -> new IllegalStateException(failed);
            };
        }
    }

    /** Takes back the bytes of a piece. */
    void recycle(byte[] bytes) {
        spare.push(bytes);
    }

    /** Stops what is being fetched and waits for its end. */
    @Override
    public void close() {
        for (var each : coming) {
            each.task.ifPresent(task -> task.cancel(true));
        }
        boolean interrupted = false;
        for (var each : coming) {
            while (each.thread.isPresent()) {
                try {
                    each.thread.get().join();
                    break;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        }
        coming.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
