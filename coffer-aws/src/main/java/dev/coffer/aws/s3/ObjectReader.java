package dev.coffer.aws.s3;

import dev.coffer.aws.s3.ObjectFacts.Head;
import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ContentWriter;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.WriteSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;

/**
 * Reads the content of versions into a session: small ones at once, others as a stream, large ones by ranges of which some are read ahead. Nothing is added unless it has its announced length, and its checksum where the endpoint
 * tells one. Safe for many threads.
 */
final class ObjectReader {
    private static final int SMALL_BYTES = 1 << 20;
    private static final int TINY_BYTES = 128 << 10;
    private static final int CONTENTS_AT_ONCE = 24;
    private static final int LARGE_BYTES = 2 * RangeBuffers.BYTES;
    private static final int COPY_BYTES = 128 << 10;
    private static final int LOOKS = 3;

    private final Calls calls;
    private final String bucket;
    private final WriteSession session;
    private final RangeBuffers rangeBuffers;
    private final LongConsumer moved;
    // Each content that is not tiny has buffers of its own on its way through the session.
    private final Semaphore contents = new Semaphore(CONTENTS_AT_ONCE);

    /**
     * @param rangeBuffers shared by all jobs
     * @param moved is told of bytes that have been read
     */
    ObjectReader(Calls calls, String bucket, WriteSession session, RangeBuffers rangeBuffers, LongConsumer moved) {
        this.calls = calls;
        this.bucket = bucket;
        this.session = session;
        this.rangeBuffers = rangeBuffers;
        this.moved = moved;
    }

    /** What the item of a version is to have, when its content has been read. */
    @FunctionalInterface
    interface Describer {
        Attributes attributes(Listed listed, Head head) throws InterruptedException;
    }

    /** Adds the version. One that is replaced meanwhile is read as it is then. */
    void read(Listed listed, Describer describer) throws InterruptedException {
        if (listed.size() <= TINY_BYTES) {
            readAsItIs(listed, describer);
            return;
        }
        contents.acquire();
        try {
            readAsItIs(listed, describer);
        } finally {
            contents.release();
        }
    }

    private void readAsItIs(Listed listed, Describer describer) throws InterruptedException {
        var current = listed;
        for (int look = 1; ; look++) {
            try {
                if (current.size() > LARGE_BYTES) {
                    ranged(current, describer);
                } else {
                    whole(current, describer);
                }
                return;
            } catch (S3Failure failure) {
                if (failure.kind() != Kind.CHANGED || look == LOOKS) {
                    throw failure;
                }
                current = look(current);
            }
        }
    }

    private Listed look(Listed listed) throws InterruptedException {
        var head = head(listed);
        return new Listed(
                listed.key(),
                listed.versionId(),
                listed.latest(),
                false,
                listed.rank(),
                head.etag(),
                Math.max(0, head.length()),
                head.modified(),
                head.storageClass());
    }

    /** What the endpoint says of the version without its content. */
    Head head(Listed listed) throws InterruptedException {
        return calls.make("HeadObject", listed.key(), client -> {
            var request = HeadObjectRequest.builder().bucket(bucket).key(listed.key());
            if (listed.needsVersion()) {
                request.versionId(listed.versionId());
            }
            return Head.of(client.headObject(request.build()));
        });
    }

    private GetObjectRequest.Builder get(Listed listed) {
        var request = GetObjectRequest.builder().bucket(bucket).key(listed.key());
        if (listed.needsVersion()) {
            request.versionId(listed.versionId());
        }
        if (listed.replaceable() && !listed.etag().isEmpty()) {
            request.ifMatch('"' + listed.etag() + '"');
        }
        return request;
    }

    private void whole(Listed listed, Describer describer) throws InterruptedException {
        var read = calls.make(
                "GetObject",
                listed.key(),
                client -> opened(client, get(listed).checksumMode(ChecksumMode.ENABLED), in -> {
                    var head = Head.of(in.response());
                    check(listed, head);
                    return listed.size() > SMALL_BYTES ? streamed(in, listed, head) : small(in, listed, head);
                }));
        // Outside of the call, since more calls are made for the attributes.
        try (var writer = read.writer()) {
            writer.finish(describer.attributes(listed, read.head()));
        }
        moved.accept(listed.size());
    }

    /** A content that is whole and not yet an item. */
    private record Content(Head head, ContentWriter writer) {}

    private Content streamed(InputStream in, Listed listed, Head head) throws IOException, InterruptedException {
        var writer = session.open(KeyPath.of(listed.key(), listed.versionId()), ItemKind.FILE);
        boolean whole = false;
        try {
            var digest = Md5.digest();
            copy(in, listed.size(), bytes -> {
                digest.update(bytes.duplicate());
                writer.write(bytes);
            });
            check(head, digest);
            whole = true;
            return new Content(head, writer);
        } finally {
            if (!whole) {
                writer.close();
            }
        }
    }

    private Content small(InputStream in, Listed listed, Head head) throws IOException, InterruptedException {
        var bytes = new byte[(int) listed.size()];
        int read = in.readNBytes(bytes, 0, bytes.length);
        if (read != bytes.length || in.read() >= 0) {
            throw new ShortContent(read + " of " + listed.size() + " bytes");
        }
        if (head.hasMd5() && !Md5.hex(Md5.bytes(bytes, bytes.length)).equals(head.etag())) {
            throw mismatch();
        }
        var writer = session.open(KeyPath.of(listed.key(), listed.versionId()), ItemKind.FILE);
        writer.write(ByteBuffer.wrap(bytes));
        return new Content(head, writer);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(ResponseInputStream<GetObjectResponse> in) throws IOException, InterruptedException;
    }

    /** Reads a content to its end, or hangs up: a close would read on to an end that may never come. */
    private static <T> T opened(S3Client client, GetObjectRequest.Builder request, Reading<T> reading)
            throws IOException, InterruptedException {
        var in = client.getObject(request.build());
        boolean whole = false;
        try {
            var result = reading.read(in);
            whole = true;
            return result;
        } finally {
            if (whole) {
                in.close();
            } else {
                in.abort();
            }
        }
    }

    private static void check(Listed listed, Head head) {
        boolean other = !listed.etag().isEmpty()
                && !head.etag().isEmpty()
                && !listed.etag().equals(head.etag());
        boolean length = head.length() >= 0 && head.length() != listed.size();
        if (other || length) {
            throw new S3Failure(
                    listed.replaceable() ? Kind.CHANGED : Kind.LYING,
                    Shown.key(listed.key()) + " is listed with " + listed.size() + " bytes and the ETag "
                            + Shown.text(listed.etag()) + ", and is answered with " + head.length()
                            + " bytes and the ETag " + Shown.text(head.etag()) + ". Nothing of it is kept.");
        }
    }

    private static void check(Head head, MessageDigest digest) throws WrongChecksum {
        if (head.hasMd5() && !Md5.hex(digest).equals(head.etag())) {
            throw mismatch();
        }
    }

    private static WrongChecksum mismatch() {
        return new WrongChecksum("the content does not have the MD5 that its ETag says");
    }

    @FunctionalInterface
    private interface Taker {
        void take(ByteBuffer bytes) throws InterruptedException;
    }

    private static void copy(InputStream in, long size, Taker taker) throws IOException, InterruptedException {
        var buffer = new byte[COPY_BYTES];
        long done = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            done += read;
            if (done > size) {
                throw new ShortContent("it goes on after " + size + " bytes");
            }
            taker.take(ByteBuffer.wrap(buffer, 0, read));
        }
        if (done != size) {
            throw new ShortContent(done + " of " + size + " bytes");
        }
    }

    private void ranged(Listed listed, Describer describer) throws InterruptedException {
        var head = head(listed);
        check(listed, head);
        var digest = Md5.digest();
        try (var writer = session.open(KeyPath.of(listed.key(), listed.versionId()), ItemKind.FILE);
                var ahead = new ReadAhead(
                        rangeBuffers, listed.size(), (from, buffer, length) -> range(listed, from, buffer, length))) {
            while (ahead.hasNext()) {
                var bytes = ahead.next();
                if (head.hasMd5()) {
                    digest.update(bytes.duplicate());
                }
                int length = bytes.remaining();
                writer.write(bytes);
                moved.accept(length);
            }
            if (head.hasMd5() && !Md5.hex(digest).equals(head.etag())) {
                throw new S3Failure(
                        Kind.DAMAGED,
                        Shown.key(listed.key()) + " in bucket " + bucket + ": "
                                + mismatch().getMessage() + ".");
            }
            writer.finish(describer.attributes(listed, head));
        }
    }

    private void range(Listed listed, long from, byte[] buffer, int length) throws InterruptedException {
        var request = get(listed).range("bytes=" + from + "-" + (from + length - 1));
        calls.make(
                "GetObject",
                listed.key(),
                client -> opened(client, request, in -> {
                    var answer = in.response();
                    if (answer.contentLength() != null && answer.contentLength() != length) {
                        throw new LyingAnswer(
                                "asked for " + length + " bytes of a range, it gives " + answer.contentLength());
                    }
                    var etag = Listed.bare(Optional.ofNullable(answer.eTag()).orElse(""));
                    if (!listed.etag().isEmpty() && !etag.isEmpty() && !etag.equals(listed.etag())) {
                        throw new S3Failure(Kind.CHANGED, Shown.key(listed.key()) + " changed while it was read.");
                    }
                    int read = in.readNBytes(buffer, 0, length);
                    if (read != length) {
                        throw new ShortContent(read + " of " + length + " bytes");
                    }
                    if (in.read() >= 0) {
                        throw new LyingAnswer("asked for " + length + " bytes of a range, it gives more");
                    }
                    return length;
                }));
    }
}
