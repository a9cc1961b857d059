package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Puts large versions into a bucket by parts, several at once: read once and in order out of the vault, as long as the parts fit into memory. Every part carries its MD5, and the whole is compared with its length before it counts.
 * Safe for many threads.
 */
final class PartsUpload {
    /** S3 has ten thousand. */
    static final int PARTS_AT_MOST = 9_000;

    private static final int PARTS_AT_ONCE = 4;

    private final TargetBucket target;
    private final PutRequests requests;
    private final RecoveryPointReader point;
    private final int partsAtMost;
    private final RangeBuffers buffers;
    private final LongConsumer moved;

    /** @param partsAtMost of how many parts an object consists */
    PartsUpload(
            TargetBucket target,
            PutRequests requests,
            RecoveryPointReader point,
            int partsAtMost,
            RangeBuffers buffers,
            LongConsumer moved) {
        this.target = target;
        this.requests = requests;
        this.point = point;
        this.partsAtMost = partsAtMost;
        this.buffers = buffers;
        this.moved = moved;
    }

    /** What is there afterwards. */
    record Put(Optional<String> versionId, ObjectFacts.Head head) {}

    /** Puts the version under the key, or leaves nothing that can be seen. */
    Put put(Item item, String key, ObjectLock lock) throws InterruptedException {
        var calls = target.calls();
        var upload = calls.make(
                        "CreateMultipartUpload",
                        key,
                        client -> client.createMultipartUpload(requests.upload(item, key, lock)))
                .uploadId();
        boolean complete = false;
        try {
            var parts = uploaded(item, key, upload);
            var answer = calls.make(
                    "CompleteMultipartUpload",
                    key,
                    client -> client.completeMultipartUpload(request -> request.bucket(target.name())
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))));
            complete = true;
            var versionId = Optional.ofNullable(answer.versionId());
            return new Put(versionId, checkLength(item, key, versionId));
        } finally {
            if (!complete) {
                abort(key, upload);
            }
        }
    }

    private List<CompletedPart> uploaded(Item item, String key, String upload) throws InterruptedException {
        long least = Math.ceilDiv(item.size(), (long) partsAtMost);
        int partBytes = Math.toIntExact(Math.max(RangeBuffers.BYTES, Math.ceilDiv(least, 1 << 20) << 20));
        var parts = new ConcurrentLinkedQueue<CompletedPart>();
        if (partBytes > RangeBuffers.BYTES) {
            streamed(item, key, upload, partBytes, parts);
        } else {
            held(item, key, upload, parts);
        }
        return parts.stream()
                .sorted(Comparator.comparing(CompletedPart::partNumber))
                .toList();
    }

    /** Reads the content once, in order, and sends each part out of memory. */
    private void held(Item item, String key, String upload, ConcurrentLinkedQueue<CompletedPart> parts)
            throws InterruptedException {
        buffers.beginContent();
        try (var in = point.open(item, new ByteRange(0, item.size()));
                var hands = new Hands("parts", PARTS_AT_ONCE)) {
            int number = 1;
            for (long from = 0; from < item.size(); from += RangeBuffers.BYTES) {
                int partNumber = number++;
                int length = (int) Math.min(RangeBuffers.BYTES, item.size() - from);
                var buffer = buffers.take();
                boolean handedOut = false;
                try {
                    Bodies.fill(in, buffer, length);
                    hands.handOut(() -> {
                        try {
                            var md5 = Md5.header(Md5.bytes(buffer, length));
                            parts.add(part(key, upload, partNumber, length, Bodies.of(buffer, length), md5));
                        } finally {
                            buffers.giveBack(buffer);
                        }
                    });
                    handedOut = true;
                } finally {
                    if (!handedOut) {
                        buffers.giveBack(buffer);
                    }
                }
            }
            hands.finish();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            buffers.endContent();
        }
    }

    /** Parts that are too large to be held in memory are read from the vault once for their MD5, and again each time that they are sent. */
    private void streamed(
            Item item, String key, String upload, int partBytes, ConcurrentLinkedQueue<CompletedPart> parts)
            throws InterruptedException {
        try (var hands = new Hands("parts", PARTS_AT_ONCE)) {
            int number = 1;
            for (long from = 0; from < item.size(); from += partBytes) {
                int partNumber = number++;
                long offset = from;
                int length = (int) Math.min(partBytes, item.size() - from);
                hands.handOut(() -> {
                    buffers.beginContent();
                    try {
                        var body = RequestBody.fromContentProvider(
                                () -> opened(item, offset, length), length, Bodies.ANY_TYPE);
                        parts.add(part(key, upload, partNumber, length, body, md5(item, offset, length)));
                    } finally {
                        buffers.endContent();
                    }
                });
            }
            hands.finish();
        }
    }

    private CompletedPart part(String key, String upload, int number, int length, RequestBody body, String md5)
            throws InterruptedException {
        var answer = target.calls()
                .make(
                        "UploadPart",
                        key,
                        client -> client.uploadPart(
                                request -> request.bucket(target.name())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .contentMD5(md5),
                                body));
        moved.accept(length);
        return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
    }

    private String md5(Item item, long from, int length) throws InterruptedException {
        var digest = Md5.digest();
        try (var in = new DigestInputStream(point.open(item, new ByteRange(from, length)), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return Md5.header(digest.digest());
    }

    private InputStream opened(Item item, long from, int length) {
        try {
            return point.open(item, new ByteRange(from, length));
        } catch (InterruptedException stop) {
            throw AbortedException.create("the call was stopped", stop);
        }
    }

    private ObjectFacts.Head checkLength(Item item, String key, Optional<String> versionId)
            throws InterruptedException {
        var head = target.calls()
                .make(
                        "HeadObject",
                        key,
                        client -> ObjectFacts.Head.of(client.headObject(request -> {
                            request.bucket(target.name()).key(key);
                            versionId.ifPresent(request::versionId);
                        })));
        if (head.length() != item.size()) {
            throw new S3Failure(
                    Kind.DAMAGED,
                    "CompleteMultipartUpload of " + Shown.key(key) + " left " + head.length() + " of " + item.size()
                            + " bytes. Do not use what is there.");
        }
        return head;
    }

    /** Best effort: what is left over costs space there until a lifecycle rule takes it. */
    private void abort(String key, String upload) {
        boolean interrupted = Thread.interrupted();
        try {
            target.calls()
                    .makeBriefly(
                            "AbortMultipartUpload",
                            key,
                            client -> client.abortMultipartUpload(request ->
                                    request.bucket(target.name()).key(key).uploadId(upload)));
        } catch (S3Failure leftOver) {
            // The failure that led here is the one to tell.
        } catch (InterruptedException stopped) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
