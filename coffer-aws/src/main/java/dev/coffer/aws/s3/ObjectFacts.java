package dev.coffer.aws.s3;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * What a recovery point keeps of a version besides its content. The attributes of its item:
 *
 * <table>
 * <caption>Attributes</caption>
 * <tr><td>{@code etag}, {@code time}, {@code class}</td><td>as listed; the time in milliseconds since 1970</td></tr>
 * <tr><td>{@code rank}</td><td>0 for the newest version of the key</td></tr>
 * <tr><td>{@code latest}, {@code marker}</td><td>1 if it was the latest; 1 for a delete marker</td></tr>
 * <tr><td>{@code headers}, {@code meta}, {@code tags}</td><td>{@link Pairs}; headers by their names at HTTP</td></tr>
 * <tr><td>{@code acl}</td><td>the answer of GetObjectAcl as JSON</td></tr>
 * </table>
 *
 * A missing {@code tags} or {@code acl} means that it was not captured; an empty one that there was none.
 */
final class ObjectFacts {
    static final String ETAG = "etag";
    static final String TIME = "time";
    static final String CLASS = "class";
    static final String RANK = "rank";
    static final String LATEST = "latest";
    static final String MARKER = "marker";
    static final String HEADERS = "headers";
    static final String META = "meta";
    static final String TAGS = "tags";
    static final String ACL = "acl";

    static final String CONTENT_TYPE = "content-type";
    static final String CONTENT_ENCODING = "content-encoding";
    static final String CONTENT_LANGUAGE = "content-language";
    static final String CONTENT_DISPOSITION = "content-disposition";
    static final String CACHE_CONTROL = "cache-control";
    static final String EXPIRES = "expires";
    static final String REDIRECT = "x-amz-website-redirect-location";
    static final String ENCRYPTION = "x-amz-server-side-encryption";
    static final String KMS_KEY = "x-amz-server-side-encryption-aws-kms-key-id";
    static final String LOCK_MODE = "x-amz-object-lock-mode";
    static final String LOCK_UNTIL = "x-amz-object-lock-retain-until-date";
    static final String LEGAL_HOLD = "x-amz-object-lock-legal-hold";

    private ObjectFacts() {}

    /** Headers and user metadata of an answer, and what tells how many tags there are. */
    record Head(
            Map<String, String> headers,
            Map<String, String> meta,
            String etag,
            long length,
            Instant modified,
            String storageClass,
            TagCount tags) {
        static Head of(GetObjectResponse answer) {
            var headers = new TreeMap<String, String>();
            put(headers, CONTENT_TYPE, answer.contentType());
            put(headers, CONTENT_ENCODING, answer.contentEncoding());
            put(headers, CONTENT_LANGUAGE, answer.contentLanguage());
            put(headers, CONTENT_DISPOSITION, answer.contentDisposition());
            put(headers, CACHE_CONTROL, answer.cacheControl());
            put(headers, EXPIRES, answer.expiresString());
            put(headers, REDIRECT, answer.websiteRedirectLocation());
            put(headers, ENCRYPTION, answer.serverSideEncryptionAsString());
            put(headers, KMS_KEY, answer.ssekmsKeyId());
            put(headers, LOCK_MODE, answer.objectLockModeAsString());
            put(headers, LOCK_UNTIL, text(answer.objectLockRetainUntilDate()));
            put(headers, LEGAL_HOLD, answer.objectLockLegalHoldStatusAsString());
            return new Head(
                    headers,
                    answer.metadata(),
                    Listed.bare(Objects.requireNonNullElse(answer.eTag(), "")),
                    Objects.requireNonNullElse(answer.contentLength(), -1L),
                    Objects.requireNonNullElse(answer.lastModified(), Instant.EPOCH),
                    Objects.requireNonNullElse(answer.storageClassAsString(), ""),
                    TagCount.of(answer.tagCount(), answer.sdkHttpResponse()));
        }

        static Head of(HeadObjectResponse answer) {
            var headers = new TreeMap<String, String>();
            put(headers, CONTENT_TYPE, answer.contentType());
            put(headers, CONTENT_ENCODING, answer.contentEncoding());
            put(headers, CONTENT_LANGUAGE, answer.contentLanguage());
            put(headers, CONTENT_DISPOSITION, answer.contentDisposition());
            put(headers, CACHE_CONTROL, answer.cacheControl());
            put(headers, EXPIRES, answer.expiresString());
            put(headers, REDIRECT, answer.websiteRedirectLocation());
            put(headers, ENCRYPTION, answer.serverSideEncryptionAsString());
            put(headers, KMS_KEY, answer.ssekmsKeyId());
            put(headers, LOCK_MODE, answer.objectLockModeAsString());
            put(headers, LOCK_UNTIL, text(answer.objectLockRetainUntilDate()));
            put(headers, LEGAL_HOLD, answer.objectLockLegalHoldStatusAsString());
            return new Head(
                    headers,
                    answer.metadata(),
                    Listed.bare(Objects.requireNonNullElse(answer.eTag(), "")),
                    Objects.requireNonNullElse(answer.contentLength(), -1L),
                    Objects.requireNonNullElse(answer.lastModified(), Instant.EPOCH),
                    Objects.requireNonNullElse(answer.storageClassAsString(), ""),
                    TagCount.of(answer.tagCount(), answer.sdkHttpResponse()));
        }

        /** Whether the ETag is the MD5 of the content: it looks like one, and no key of a user or of KMS went into it. */
        boolean hasMd5() {
            var encryption = headers.getOrDefault(ENCRYPTION, "");
            return etag.matches("[0-9a-f]{32}") && (encryption.isEmpty() || encryption.equals("AES256"));
        }

        /** The other headers with the retention and the legal hold that are answered here. */
        Map<String, String> withLocksOn(Map<String, String> others) {
            var all = new TreeMap<>(others);
            for (var name : List.of(LOCK_MODE, LOCK_UNTIL, LEGAL_HOLD)) {
                all.remove(name);
                put(all, name, headers.get(name));
            }
            return all;
        }

        private static void put(Map<String, String> headers, String name, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                headers.put(name, value);
            }
        }

        private static @Nullable String text(@Nullable Instant instant) {
            return instant == null ? null : instant.toString();
        }
    }

    /** The attributes of a version whose content has been read. */
    static Attributes attributes(Listed listed, Head head, Optional<String> tags, Optional<String> acl) {
        var attributes = listing(Attributes.builder(), listed)
                .text(HEADERS, Pairs.text(head.headers()))
                .text(META, Pairs.text(head.meta()));
        tags.ifPresent(text -> attributes.text(TAGS, text));
        acl.ifPresent(text -> attributes.text(ACL, text));
        return attributes.build();
    }

    /** The attributes of a delete marker. */
    static Attributes marker(Listed listed) {
        return listing(Attributes.builder(), listed).number(MARKER, 1).build();
    }

    /**
     * The attributes of a version that has not changed, with what is listed as it is now.
     *
     * @param headers in place of those that it has; empty to keep them
     */
    static Attributes kept(
            Item inherited, Listed listed, Optional<String> headers, Optional<String> tags, Optional<String> acl) {
        var attributes = Attributes.builder();
        inherited.attributes().forEach((name, value) -> {
            if (!name.equals(LATEST) && !name.equals(TAGS) && !name.equals(ACL)) {
                attributes.bytes(name, value);
            }
        });
        listing(attributes, listed);
        headers.ifPresent(text -> attributes.text(HEADERS, text));
        tags.ifPresent(text -> attributes.text(TAGS, text));
        acl.ifPresent(text -> attributes.text(ACL, text));
        return attributes.build();
    }

    private static Attributes.Builder listing(Attributes.Builder attributes, Listed listed) {
        attributes
                .text(ETAG, listed.etag())
                .number(TIME, listed.modified().toEpochMilli())
                .number(RANK, listed.rank())
                .text(CLASS, listed.storageClass());
        if (listed.latest()) {
            attributes.number(LATEST, 1);
        }
        return attributes;
    }

    /** Whether the item is this version as it is listed now. */
    static boolean same(Item inherited, Listed listed) {
        var attributes = inherited.attributes();
        return inherited.size() == listed.size()
                && attributes.text(ETAG).filter(listed.etag()::equals).isPresent()
                && attributes.number(TIME).orElse(-1) == listed.modified().toEpochMilli()
                && isMarker(inherited) == listed.deleteMarker();
    }

    static boolean isMarker(Item item) {
        return item.attributes().number(MARKER).isPresent();
    }

    /** Whether it was the newest version of its key, or the delete marker above the others. */
    static boolean isNewest(Item item) {
        return item.attributes().number(RANK).orElse(-1) == 0;
    }

    static Map<String, String> pairs(Item item, String name) {
        return item.attributes().text(name).map(Pairs::of).orElse(Map.of());
    }
}
