package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * Puts versions into a bucket: small ones in one call, large ones by parts, several at once. Every body carries its MD5, and what was put is compared with it, or with its length, before it counts. Safe for many threads.
 */
final class ObjectWriter {
    private static final int PART_BYTES = 8 << 20;
    private static final int PARTS_AT_MOST = 9_000;
    private static final int PARTS_AT_ONCE = 4;

    private final TargetBucket target;
    private final RecoveryPointReader point;
    private final RestoreOrder order;
    private final Semaphore rangeBuffers;
    private final LongConsumer moved;

    ObjectWriter(
            TargetBucket target,
            RecoveryPointReader point,
            RestoreOrder order,
            Semaphore rangeBuffers,
            LongConsumer moved) {
        this.target = target;
        this.point = point;
        this.order = order;
        this.rangeBuffers = rangeBuffers;
        this.moved = moved;
    }

    /** Puts the version under the key, with what the order wants of it. */
    void put(Item item, String key) throws InterruptedException {
        var versionId = item.size() <= PART_BYTES ? whole(item, key) : parts(item, key);
        if (order.acls()) {
            putAcl(item, key, versionId);
        }
    }

    /** Makes the key a deleted one whose versions stay. */
    void delete(String key) throws InterruptedException {
        target.calls()
                .make(
                        "DeleteObject",
                        key,
                        client -> client.deleteObject(
                                request -> request.bucket(target.name()).key(key)));
    }

    private Optional<String> whole(Item item, String key) throws InterruptedException {
        int permits = item.size() > PART_BYTES / 8 ? 1 : 0;
        rangeBuffers.acquire(permits);
        try {
            var bytes = read(item, 0, (int) item.size());
            var request = putRequest(item, key)
                    .contentMD5(Md5.header(bytes, bytes.length))
                    .build();
            var answer = target.calls()
                    .make("PutObject", key, client -> client.putObject(request, RequestBody.fromBytes(bytes)));
            var etag = Listed.bare(Objects.requireNonNullElse(answer.eTag(), ""));
            boolean plain =
                    request.serverSideEncryptionAsString() == null && answer.serverSideEncryptionAsString() == null;
            if (plain && etag.matches("[0-9a-f]{32}") && !etag.equals(Md5.hex(bytes, bytes.length))) {
                throw new S3Failure(
                        Kind.DAMAGED,
                        "PutObject of " + Shown.key(key) + " stored something else: its ETag is " + etag + ".");
            }
            moved.accept(bytes.length);
            return Optional.ofNullable(answer.versionId());
        } finally {
            rangeBuffers.release(permits);
        }
    }

    private byte[] read(Item item, long from, int length) throws InterruptedException {
        if (length == 0) {
            return new byte[0];
        }
        try (var in = point.open(item, new ByteRange(from, length))) {
            var bytes = in.readNBytes(length);
            if (bytes.length != length) {
                throw new IllegalStateException("a recovery point gives fewer bytes than an item has");
            }
            return bytes;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Optional<String> parts(Item item, String key) throws InterruptedException {
        var calls = target.calls();
        var upload = calls.make(
                        "CreateMultipartUpload", key, client -> client.createMultipartUpload(uploadRequest(item, key)))
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
            checkLength(item, key, versionId);
            return versionId;
        } finally {
            if (!complete) {
                abort(key, upload);
            }
        }
    }

    private List<CompletedPart> uploaded(Item item, String key, String upload) throws InterruptedException {
        long least = Math.ceilDiv(item.size(), (long) PARTS_AT_MOST);
        int partBytes = Math.toIntExact(Math.max(PART_BYTES, Math.ceilDiv(least, 1 << 20) << 20));
        var parts = new ConcurrentLinkedQueue<CompletedPart>();
        try (var hands = new Hands("parts", PARTS_AT_ONCE)) {
            int number = 1;
            for (long from = 0; from < item.size(); from += partBytes) {
                int partNumber = number++;
                long offset = from;
                int length = (int) Math.min(partBytes, item.size() - from);
                hands.handOut(() -> parts.add(part(item, key, upload, partNumber, offset, length)));
            }
            hands.finish();
        }
        return parts.stream()
                .sorted(Comparator.comparing(CompletedPart::partNumber))
                .toList();
    }

    private CompletedPart part(Item item, String key, String upload, int number, long from, int length)
            throws InterruptedException {
        rangeBuffers.acquire();
        try {
            var bytes = read(item, from, length);
            var md5 = Md5.header(bytes, length);
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
                                    RequestBody.fromBytes(bytes)));
            moved.accept(length);
            return CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .build();
        } finally {
            rangeBuffers.release();
        }
    }

    private void checkLength(Item item, String key, Optional<String> versionId) throws InterruptedException {
        var head = target.calls()
                .make(
                        "HeadObject",
                        key,
                        client -> client.headObject(request -> {
                            request.bucket(target.name()).key(key);
                            versionId.ifPresent(request::versionId);
                        }));
        if (!Objects.equals(head.contentLength(), item.size())) {
            throw new S3Failure(
                    Kind.DAMAGED,
                    "CompleteMultipartUpload of " + Shown.key(key) + " left " + head.contentLength() + " of "
                            + item.size() + " bytes. Do not use what is there.");
        }
    }

    /** Best effort: what is left over costs space there until a lifecycle rule takes it. */
    private void abort(String key, String upload) {
        boolean interrupted = Thread.interrupted();
        try {
            target.calls()
                    .make(
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

    private void putAcl(Item item, String key, Optional<String> versionId) throws InterruptedException {
        var json = item.attributes().text(ObjectFacts.ACL).filter(text -> !text.isEmpty());
        if (json.isPresent()) {
            var acl = PojoJson.fill(AccessControlPolicy.builder(), json.get()).build();
            target.calls()
                    .make(
                            "PutObjectAcl",
                            key,
                            client -> client.putObjectAcl(request -> {
                                request.bucket(target.name()).key(key).accessControlPolicy(acl);
                                versionId.ifPresent(request::versionId);
                            }));
        }
    }

    /** What a version is encrypted with in the target. */
    private record Sse(@Nullable String algorithm, @Nullable String key) {}

    private Sse encryption(Map<String, String> headers) {
        return switch (order.encryption()) {
            case SSE_S3 -> new Sse("AES256", null);
            case SSE_KMS -> new Sse("aws:kms", order.kmsKey().orElse(null));
            case ORIGINAL -> {
                var original = headers.get(ObjectFacts.ENCRYPTION);
                yield original == null || !original.startsWith("aws:kms")
                        ? new Sse(original, null)
                        : new Sse(original, order.kmsKey().orElse(headers.get(ObjectFacts.KMS_KEY)));
            }
        };
    }

    private Optional<String> storageClass(Item item) {
        return order.storageClass()
                .map(wanted -> wanted.equals("original")
                        ? item.attributes().text(ObjectFacts.CLASS).orElse("")
                        : wanted)
                .filter(name -> !name.isEmpty());
    }

    private Tagging tagging(Item item) {
        var tags = order.tags() ? ObjectFacts.pairs(item, ObjectFacts.TAGS) : Map.<String, String>of();
        return Tagging.builder()
                .tagSet(tags.entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    private PutObjectRequest.Builder putRequest(Item item, String key) {
        var headers = ObjectFacts.pairs(item, ObjectFacts.HEADERS);
        var sse = encryption(headers);
        var request = PutObjectRequest.builder()
                .bucket(target.name())
                .key(key)
                .metadata(ObjectFacts.pairs(item, ObjectFacts.META))
                .contentType(headers.get(ObjectFacts.CONTENT_TYPE))
                .contentEncoding(headers.get(ObjectFacts.CONTENT_ENCODING))
                .contentLanguage(headers.get(ObjectFacts.CONTENT_LANGUAGE))
                .contentDisposition(headers.get(ObjectFacts.CONTENT_DISPOSITION))
                .cacheControl(headers.get(ObjectFacts.CACHE_CONTROL))
                .websiteRedirectLocation(headers.get(ObjectFacts.REDIRECT))
                .serverSideEncryption(sse.algorithm())
                .ssekmsKeyId(sse.key());
        expires(headers).ifPresent(request::expires);
        storageClass(item).ifPresent(request::storageClass);
        var tags = tagging(item);
        return tags.tagSet().isEmpty() ? request : request.tagging(tags);
    }

    private CreateMultipartUploadRequest uploadRequest(Item item, String key) {
        var put = putRequest(item, key).build();
        return CreateMultipartUploadRequest.builder()
                .bucket(put.bucket())
                .key(put.key())
                .metadata(put.metadata())
                .contentType(put.contentType())
                .contentEncoding(put.contentEncoding())
                .contentLanguage(put.contentLanguage())
                .contentDisposition(put.contentDisposition())
                .cacheControl(put.cacheControl())
                .websiteRedirectLocation(put.websiteRedirectLocation())
                .serverSideEncryption(put.serverSideEncryptionAsString())
                .ssekmsKeyId(put.ssekmsKeyId())
                .expires(put.expires())
                .storageClass(put.storageClassAsString())
                .tagging(put.tagging())
                .build();
    }

    private static Optional<Instant> expires(Map<String, String> headers) {
        return Optional.ofNullable(headers.get(ObjectFacts.EXPIRES)).flatMap(text -> {
            try {
                return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            } catch (DateTimeParseException notADate) {
                // S3 takes any text here, and the SDK only dates; `0` and the like say the same as no header.
                return Optional.empty();
            }
        });
    }
}
