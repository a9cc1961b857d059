package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Walks all versions and delete markers of a bucket page by page, in the order of keys, the newest of a key first. Memory holds a page, the next one where it is asked for ahead, and the first 100 000 version ids of one key. A listing that goes back, repeats itself or does not come on
 * is refused: it would never end, or would make a backup that is not the bucket.
 */
final class VersionListing {
    private static final int EMPTY_PAGES_AT_MOST = 100;
    private static final int VERSIONS_REMEMBERED = 100_000;
    private static final int TEXT_AT_MOST = 1024;
    private static final Comparator<Listed> NEWEST_FIRST = Comparator.<Listed, Boolean>comparing(one -> !one.latest())
            .thenComparing(Listed::modified, Comparator.reverseOrder());

    private final Calls calls;
    private final String bucket;
    private final String prefix;

    private String lastKey = "";
    private boolean any;
    private int rank;
    private final Set<String> versionsOfKey = new HashSet<>();
    private int emptyPages;

    VersionListing(Calls calls, String bucket, String prefix) {
        this.calls = calls;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** Takes what is listed; false ends the walk. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(Listed listed) throws InterruptedException;
    }

    /**
     * One answer.
     *
     * @param versions whether ListObjectVersions has given it
     * @param key where it began, with {@code other}; empty for the first
     */
    private record Page(
            boolean versions,
            List<Listed> listed,
            boolean truncated,
            Optional<String> key,
            Optional<String> other,
            Optional<String> nextKey,
            Optional<String> nextOther) {}

    /** Shows everything, until the visitor has enough. An endpoint without ListObjectVersions is listed by ListObjectsV2. */
    void each(Visitor visitor) throws InterruptedException {
        for (var page = first(); ; page = next(page)) {
            if (!visit(page, visitor) || !page.truncated()) {
                return;
            }
            refuse(objectionTo(page));
        }
    }

    /** The same, with the next page being asked for while one is visited. */
    void eachAhead(Visitor visitor) throws InterruptedException {
        var page = first();
        while (page.truncated()) {
            var objection = objectionTo(page);
            if (objection.isPresent()) {
                // What it shows may say more of what is wrong.
                visit(page, visitor);
                refuse(objection);
            }
            var current = page;
            try (var next = new Underway<>("listing", () -> next(current))) {
                if (!visit(page, visitor)) {
                    return;
                }
                page = next.get();
            }
        }
        visit(page, visitor);
    }

    private boolean visit(Page page, Visitor visitor) throws InterruptedException {
        for (var listed : page.listed()) {
            if (!visitor.visit(checked(listed))) {
                return false;
            }
        }
        return true;
    }

    private Page first() throws InterruptedException {
        try {
            return versions(Optional.empty(), Optional.empty());
        } catch (S3Failure failure) {
            if (failure.kind() != Kind.LACKING) {
                throw failure;
            }
            return objects(Optional.empty());
        }
    }

    private Page next(Page page) throws InterruptedException {
        return page.versions() ? versions(page.nextKey(), page.nextOther()) : objects(page.nextOther());
    }

    private Page versions(Optional<String> key, Optional<String> versionId) throws InterruptedException {
        var answer = calls.make(
                "ListObjectVersions",
                "",
                client -> client.listObjectVersions(request -> {
                    request.bucket(bucket).encodingType(EncodingType.URL);
                    if (!prefix.isEmpty()) {
                        request.prefix(prefix);
                    }
                    key.ifPresent(request::keyMarker);
                    versionId.ifPresent(request::versionIdMarker);
                }));
        return new Page(
                true,
                merged(answer),
                Boolean.TRUE.equals(answer.isTruncated()),
                key,
                versionId,
                text(answer.nextKeyMarker()),
                text(answer.nextVersionIdMarker()));
    }

    private Page objects(Optional<String> token) throws InterruptedException {
        var answer = calls.make(
                "ListObjectsV2",
                "",
                client -> client.listObjectsV2(request -> {
                    request.bucket(bucket).encodingType(EncodingType.URL);
                    if (!prefix.isEmpty()) {
                        request.prefix(prefix);
                    }
                    token.ifPresent(request::continuationToken);
                }));
        return new Page(
                false,
                current(answer),
                Boolean.TRUE.equals(answer.isTruncated()),
                Optional.empty(),
                token,
                Optional.empty(),
                text(answer.nextContinuationToken()));
    }

    private static List<Listed> merged(ListObjectVersionsResponse answer) {
        var page = new ArrayList<Listed>(answer.versions().size());
        for (var one : answer.versions()) {
            page.add(new Listed(
                    required(one.key()),
                    text(one.versionId()).orElse(Listed.NULL_VERSION),
                    Boolean.TRUE.equals(one.isLatest()),
                    false,
                    0,
                    Listed.bare(Objects.requireNonNullElse(one.eTag(), "")),
                    Objects.requireNonNullElse(one.size(), 0L),
                    Objects.requireNonNullElse(one.lastModified(), Instant.EPOCH),
                    Objects.requireNonNullElse(one.storageClassAsString(), "")));
        }
        if (answer.deleteMarkers().isEmpty()) {
            return page;
        }
        for (var one : answer.deleteMarkers()) {
            page.add(new Listed(
                    required(one.key()),
                    text(one.versionId()).orElse(Listed.NULL_VERSION),
                    Boolean.TRUE.equals(one.isLatest()),
                    true,
                    0,
                    "",
                    0,
                    Objects.requireNonNullElse(one.lastModified(), Instant.EPOCH),
                    ""));
        }
        // The SDK keeps versions and markers apart; within a key the time puts them together again.
        page.sort(Comparator.comparing(Listed::key, KeyPath::compare).thenComparing(NEWEST_FIRST));
        return page;
    }

    private static List<Listed> current(ListObjectsV2Response answer) {
        var page = new ArrayList<Listed>(answer.contents().size());
        for (var one : answer.contents()) {
            page.add(new Listed(
                    required(one.key()),
                    Listed.NULL_VERSION,
                    true,
                    false,
                    0,
                    Listed.bare(Objects.requireNonNullElse(one.eTag(), "")),
                    Objects.requireNonNullElse(one.size(), 0L),
                    Objects.requireNonNullElse(one.lastModified(), Instant.EPOCH),
                    Objects.requireNonNullElse(one.storageClassAsString(), "")));
        }
        return page;
    }

    private static String required(@Nullable String key) {
        if (key == null || key.isEmpty()) {
            throw new S3Failure(
                    Kind.LYING, "The listing shows an object without a key. The endpoint cannot be trusted.");
        }
        return key;
    }

    /** What is listed, if it can follow what was listed before. */
    private Listed checked(Listed listed) {
        int order = any ? KeyPath.compare(lastKey, listed.key()) : -1;
        if (order > 0) {
            throw lie("shows " + Shown.key(listed.key()) + " after " + Shown.key(lastKey)
                    + ", which is not in the order of keys: it repeats itself or loses keys");
        }
        if (!listed.key().startsWith(prefix)) {
            throw lie("shows " + Shown.key(listed.key()) + ", which does not begin with " + Shown.key(prefix));
        }
        if (order < 0) {
            lastKey = listed.key();
            rank = 0;
            versionsOfKey.clear();
        } else {
            rank++;
        }
        if (listed.versionId().length() > TEXT_AT_MOST
                || listed.etag().length() > TEXT_AT_MOST
                || listed.storageClass().length() > TEXT_AT_MOST) {
            throw lie("shows " + Shown.key(listed.key())
                    + " with a version id, an ETag or a storage class of more than 1024 characters");
        }
        boolean known = rank < VERSIONS_REMEMBERED
                ? !versionsOfKey.add(listed.versionId())
                : versionsOfKey.contains(listed.versionId());
        if (known) {
            throw lie("shows version " + Shown.text(listed.versionId()) + " of " + Shown.key(listed.key()) + " twice");
        }
        if (listed.size() < 0) {
            throw lie("shows " + Shown.key(listed.key()) + " with " + listed.size() + " bytes");
        }
        any = true;
        return new Listed(
                listed.key(),
                listed.versionId(),
                listed.latest(),
                listed.deleteMarker(),
                rank,
                listed.etag(),
                listed.size(),
                listed.modified(),
                listed.storageClass());
    }

    /** Why no page can follow this one. */
    private Optional<S3Failure> objectionTo(Page page) {
        if (page.nextKey().isEmpty() && page.nextOther().isEmpty()) {
            return Optional.of(lie("says that there is more, and not where it goes on"));
        }
        if (page.nextKey().equals(page.key()) && page.nextOther().equals(page.other())) {
            return Optional.of(lie("goes on where it began, and would never end"));
        }
        emptyPages = page.listed().isEmpty() ? emptyPages + 1 : 0;
        return emptyPages > EMPTY_PAGES_AT_MOST
                ? Optional.of(lie("has " + EMPTY_PAGES_AT_MOST + " empty pages in a row"))
                : Optional.empty();
    }

    private static void refuse(Optional<S3Failure> objection) {
        if (objection.isPresent()) {
            throw objection.get();
        }
    }

    private S3Failure lie(String what) {
        return new S3Failure(
                Kind.LYING,
                "The listing of bucket " + bucket + " " + what
                        + ". No backup can be made of that; check the endpoint.");
    }

    private static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).filter(value -> !value.isEmpty());
    }
}
