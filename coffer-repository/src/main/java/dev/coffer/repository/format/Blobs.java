package dev.coffer.repository.format;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Optional;

/** Whole blobs and ranges of them as arrays. */
public final class Blobs {
    private Blobs() {}

    /** Exactly the range. */
    public static byte[] read(BlobStore store, BlobKey key, long offset, int length) throws InterruptedException {
        var bytes = new byte[length];
        read(store, key, offset, bytes, length);
        return bytes;
    }

    /** Exactly the range, into the start of the array. */
    public static void read(BlobStore store, BlobKey key, long offset, byte[] into, int length)
            throws InterruptedException {
        read(store, key, offset, List.of(ByteBuffer.wrap(into, 0, length)));
    }

    /** As many bytes from there on as the buffers take, which have arrays: one buffer after the other. */
    public static void read(BlobStore store, BlobKey key, long offset, List<ByteBuffer> into)
            throws InterruptedException {
        long length = into.stream().mapToLong(ByteBuffer::remaining).sum();
        try (var in = store.open(key, new ByteRange(offset, length))) {
            for (var part : into) {
                int wanted = part.remaining();
                if (in.readNBytes(part.array(), part.arrayOffset() + part.position(), wanted) < wanted) {
                    throw new StoreException.Unavailable("blob " + key + " ended early", new IOException("short read"));
                }
            }
        } catch (ClosedByInterruptException stop) {
            // The channel leaves the flag set; the exception takes its place.
            Thread.interrupted();
            throw interrupted(stop);
        } catch (IOException failure) {
            throw new StoreException.Unavailable("blob " + key + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static InterruptedException interrupted(Exception cause) {
        var stop = new InterruptedException();
        stop.initCause(cause);
        return stop;
    }

    /** All of a blob, if there is one. Corrupt if it is longer than {@code most}. */
    public static Optional<byte[]> readAll(BlobStore store, BlobKey key, int most) throws InterruptedException {
        var size = store.size(key);
        if (size.isEmpty()) {
            return Optional.empty();
        }
        long length = size.getAsLong();
        if (length > most) {
            throw new RepositoryException.Corrupt("blob " + key + " has " + length + " bytes");
        }
        try {
            return Optional.of(read(store, key, 0, (int) length));
        } catch (StoreException.NotFound gone) {
            return Optional.empty();
        }
    }

    /**
     * Makes sure that a blob that can be seen is durable: a create that failed, or that runs elsewhere, may have shown it before it was.
     *
     * @param bytes those of the blob
     */
    public static void settle(BlobStore store, BlobKey key, byte[] bytes) throws InterruptedException {
        try {
            store.create(key, Payload.of(bytes));
        } catch (StoreException.AlreadyExists durable) {
            // It is, as the port promises then.
        }
    }
}
