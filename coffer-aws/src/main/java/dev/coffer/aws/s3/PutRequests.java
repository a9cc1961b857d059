package dev.coffer.aws.s3;

import dev.coffer.core.repository.Item;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** What a restore says of a version besides its content: metadata, headers, tags, encryption, class and lock. */
final class PutRequests {
    private final String bucket;
    private final RestoreOrder order;

    PutRequests(String bucket, RestoreOrder order) {
        this.bucket = bucket;
        this.order = order;
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

    /** The request that puts the version in one call. */
    PutObjectRequest.Builder put(Item item, String key, ObjectLock lock) {
        var headers = ObjectFacts.pairs(item, ObjectFacts.HEADERS);
        var sse = encryption(headers);
        var request = PutObjectRequest.builder()
                .bucket(bucket)
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
        lock.retention()
                .ifPresent(retention ->
                        request.objectLockMode(retention.mode()).objectLockRetainUntilDate(retention.until()));
        if (lock.held()) {
            request.objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON);
        }
        storageClass(item).ifPresent(request::storageClass);
        var tags = tagging(item);
        return tags.tagSet().isEmpty() ? request : request.tagging(tags);
    }

    /** The request that begins to put it by parts. */
    CreateMultipartUploadRequest upload(Item item, String key, ObjectLock lock) {
        var put = put(item, key, lock).build();
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
                .objectLockMode(put.objectLockModeAsString())
                .objectLockRetainUntilDate(put.objectLockRetainUntilDate())
                .objectLockLegalHoldStatus(put.objectLockLegalHoldStatusAsString())
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
