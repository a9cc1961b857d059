package dev.coffer.host.efs;

import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.task.TaskGroup;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.LongConsumer;

/**
 * Brings a file's content into a point: data as data, holes as holes. What is larger than the buffer is read by a thread of its own, ahead of the one that cuts it, so that the disk and the processor
 * work at once.
 */
final class FileContent {
    private static final int PARTS = 4;

    private final ContentWriter writer;
    private final LongConsumer moved;

    private FileContent(ContentWriter writer, LongConsumer moved) {
        this.writer = writer;
        this.moved = moved;
    }

    /** What the thread that reads ahead has come to. */
    private sealed interface Read {
        /** A piece of the content; a buffer in it is free again when it has been written. */
        record Some(FilePieces.Piece piece) implements Read {}

        record Failed(PosixException failure) implements Read {}

        record Stopped() implements Read {}
    }

    /**
     * Reads as far as the size in the stat says, so that a file which grows all the time ends too; less if it has become shorter.
     *
     * @param buffer direct, aligned to blocks, of any thread, and some blocks large
     */
    static void read(Posix posix, int fd, Stat stat, ContentWriter writer, ByteBuffer buffer, LongConsumer moved)
            throws PosixException, InterruptedException {
        var content = new FileContent(writer, moved);
        var pieces = FilePieces.of(posix, fd, stat);
        if (stat.size() <= buffer.capacity()) {
            content.readInTurn(pieces, buffer);
        } else {
            content.readAhead(pieces, buffer);
        }
    }

    private void readInTurn(FilePieces pieces, ByteBuffer buffer) throws PosixException, InterruptedException {
        while (write(pieces.next(buffer))) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void readAhead(FilePieces pieces, ByteBuffer buffer) throws PosixException, InterruptedException {
        var free = new ArrayBlockingQueue<ByteBuffer>(PARTS);
        int part = buffer.capacity() / PARTS / Posix.BLOCK * Posix.BLOCK;
        buffer.clear();
        for (int i = 0; i < PARTS; i++) {
            free.add(buffer.slice(i * part, part));
        }
        var read = new ArrayBlockingQueue<Read>(PARTS + 1);
        try (var group = TaskGroup.<Boolean>onPlatformThreads("read-ahead")) {
            group.fork(() -> readAll(pieces, free, read));
            boolean more = true;
            while (more) {
                more = switch (read.take()) {
                    case Read.Some(var piece) -> {
                        boolean written = write(piece);
                        if (piece instanceof FilePieces.Piece.Data(var bytes)) {
                            free.put(bytes);
                        }
                        yield written;
                    }
                    case Read.Failed(var failure) -> throw failure;
                    case Read.Stopped() -> false;
                };
            }
            group.join();
        }
    }

    private static boolean readAll(FilePieces pieces, BlockingQueue<ByteBuffer> free, BlockingQueue<Read> read)
            throws InterruptedException {
        boolean ended = false;
        while (!ended) {
            var buffer = free.take();
            Read came = new Read.Stopped();
            try {
                var piece = pieces.next(buffer);
                ended = piece instanceof FilePieces.Piece.End;
                if (!(piece instanceof FilePieces.Piece.Data)) {
                    free.put(buffer);
                }
                came = new Read.Some(piece);
            } catch (PosixException failure) {
                ended = true;
                came = new Read.Failed(failure);
            } finally {
                // Whatever ended this thread, the other one does not wait for more.
                read.put(came);
            }
        }
        return true;
    }

    /** Writes a piece; false at the end. */
    private boolean write(FilePieces.Piece piece) throws InterruptedException {
        return switch (piece) {
            case FilePieces.Piece.Data(var bytes) -> {
                int length = bytes.remaining();
                writer.write(bytes);
                moved.accept(length);
                yield true;
            }
            case FilePieces.Piece.Hole(var length) -> {
                writer.hole(length);
                moved.accept(length);
                yield true;
            }
            case FilePieces.Piece.End() -> false;
        };
    }
}
