package dev.coffer.aws.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.sync.RequestBody;

/** Bodies of requests that are sent out of buffers. */
final class Bodies {
    /** The type of a body whose type another header says. */
    static final String ANY_TYPE = "application/octet-stream";

    private Bodies() {}

    /** The first bytes of the buffer, which nobody changes until the call has ended; the SDK's own bodies of arrays are copies. */
    static RequestBody of(byte[] buffer, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(buffer, 0, length), length, ANY_TYPE);
    }

    /** Reads so many bytes into the beginning of the buffer. */
    static void fill(InputStream in, byte[] buffer, int length) throws InterruptedException {
        try {
            if (in.readNBytes(buffer, 0, length) != length) {
                throw new IllegalStateException("a recovery point gives fewer bytes than an item has");
            }
        } catch (InterruptedIOException stopped) {
            Thread.interrupted();
            var stop = new InterruptedException(stopped.getMessage());
            stop.initCause(stopped);
            throw stop;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
