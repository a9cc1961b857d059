package dev.coffer.repository.read;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.task.Futures;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.tree.Segment;
import dev.coffer.repository.tree.SegmentCursor;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/**
 * Gives the pieces of a content in order and fetches the next ones meanwhile, a bounded number of bytes ahead, in threads that end with this. A content of one chunk takes no thread. Used by one
 * thread.
 */
final class ReadAhead implements AutoCloseable {
    private static final long BYTES_AHEAD = 16 << 20;
    private static final int CHUNKS_AHEAD = 16;

    private final StoredChunks chunks;
    private final SegmentCursor segments;
    private final String what;
    private final ArrayDeque<Coming> coming = new ArrayDeque<>();
    private final SpareArrays spare;
    private long bytesAhead;
    private boolean ended;

    /**
     * A piece in its place of the content.
     *
     * @param bytes the first {@code length} bytes of it; none for a hole
     */
    record Piece(long offset, long length, Optional<byte[]> bytes) {}

    private record Coming(SegmentCursor.Placed placed, Optional<FutureTask<byte[]>> task, Optional<Thread> thread) {}

    /**
     * @param segments nothing of it has been read
     * @param spare where arrays come from and go to
     * @param what names the content in messages
     */
    ReadAhead(StoredChunks chunks, SegmentCursor segments, SpareArrays spare, String what) {
        this.chunks = chunks;
        this.segments = segments;
        this.spare = spare;
        this.what = what;
    }

    /** The next piece; empty at the end. Its bytes are the caller's until {@link #recycle}. */
    Optional<Piece> next() throws InterruptedException {
        fill();
        var first = coming.peek();
        if (first == null) {
            return Optional.empty();
        }
        long at = first.placed.offset();
        return switch (first.placed.segment()) {
            case Segment.Hole(var length) -> {
                coming.remove();
                yield Optional.of(new Piece(at, length, Optional.empty()));
            }
            case Segment.Data(var id, var length) -> {
                var bytes = first.task.isPresent() ? Futures.get(first.task.get()) : fetch(id, length);
                coming.remove();
                bytesAhead -= length;
                yield Optional.of(new Piece(at, length, Optional.of(bytes)));
            }
        };
    }

    private void fill() throws InterruptedException {
        while (!ended && coming.size() < CHUNKS_AHEAD && (coming.isEmpty() || bytesAhead < BYTES_AHEAD)) {
            var next = nextSegment();
            if (next.isEmpty()) {
                ended = true;
                return;
            }
            coming.add(begun(next.get()));
        }
    }

    private Optional<SegmentCursor.Placed> nextSegment() throws InterruptedException {
        try {
            return segments.next();
        } catch (RepositoryException.Corrupt damage) {
            throw new RepositoryException.Corrupt(what + ": " + damage.getMessage(), damage);
        }
    }

    private Coming begun(SegmentCursor.Placed placed) {
        if (placed.segment() instanceof Segment.Data(var id, var length)) {
            bytesAhead += length;
            // The only piece that is wanted is fetched by the thread that wants it.
            if (!coming.isEmpty()) {
                var task = new FutureTask<>(() -> fetch(id, length));
                var thread = Thread.ofVirtual().name("read-ahead").start(task);
                return new Coming(placed, Optional.of(task), Optional.of(thread));
            }
        }
        return new Coming(placed, Optional.empty(), Optional.empty());
    }

    private byte[] fetch(Bytes32 id, long length) throws InterruptedException {
        try {
            return chunks.read(id, size -> {
                if (size != length) {
                    throw new RepositoryException.Corrupt("chunk " + id + " has " + size + " bytes, not " + length);
                }
                return spare.take(size);
            });
        } catch (RepositoryException.Corrupt damage) {
            throw new RepositoryException.Corrupt(what + ": " + damage.getMessage(), damage);
        }
    }

    /** Takes back the bytes of a piece. */
    void recycle(byte[] bytes) {
        spare.giveBack(bytes);
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
