package dev.coffer.repository.read;

import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** A range of a content as a stream; holes read as zeros. Used by one thread. */
final class RangeStream extends InputStream {
    private final ReadAhead pieces;
    private final long end;
    private long position;
    private Optional<ReadAhead.Piece> piece = Optional.empty();

    /** @param pieces begin at the range's offset or before */
    RangeStream(ReadAhead pieces, ByteRange range) {
        this.pieces = pieces;
        this.position = range.offset();
        this.end = range.end();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        var now = piece();
        long inPiece = position - now.offset();
        int count = (int) Math.min(Math.min(length, end - position), now.length() - inPiece);
        if (now.bytes().isPresent()) {
            System.arraycopy(now.bytes().get(), (int) inPiece, bytes, offset, count);
        } else {
            Arrays.fill(bytes, offset, offset + count, (byte) 0);
        }
        position += count;
        return count;
    }

    private ReadAhead.Piece piece() throws IOException {
        while (true) {
            if (piece.isPresent()
                    && position < piece.get().offset() + piece.get().length()) {
                return piece.get();
            }
            piece.flatMap(ReadAhead.Piece::bytes).ifPresent(pieces::recycle);
            piece = Optional.empty();
            try {
                piece = pieces.next();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                var stopped = new InterruptedIOException("reading was stopped");
                stopped.initCause(stop);
                throw stopped;
            }
            if (piece.isEmpty()) {
                throw new IllegalStateException("a content ended before its size");
            }
        }
    }

    @Override
    public void close() {
        pieces.close();
    }
}
