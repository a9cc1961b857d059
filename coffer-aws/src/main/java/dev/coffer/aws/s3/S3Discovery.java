package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the buckets that the credentials of an endpoint own, with their tags: one call for each page of buckets, and one for each bucket. */
public final class S3Discovery implements Discovery {
    private static final int AT_ONCE = 16;
    private static final int PAGES_AT_MOST = 10_000;

    private final S3Access access;

    S3Discovery(S3Access access) {
        this.access = access;
    }

    @Override
    public ResourceType serves() {
        return ResourceType.S3;
    }

    @Override
    public void discover(Endpoint endpoint, Predicate<Source> visit) throws InterruptedException {
        try (var calls = access.open(endpoint.settings(), "*")) {
            Optional<String> token = Optional.empty();
            for (int pages = 0; pages < PAGES_AT_MOST; pages++) {
                var from = token;
                var answer = calls.make(
                        "ListBuckets",
                        "",
                        client -> client.listBuckets(request -> from.ifPresent(request::continuationToken)));
                var names = answer.buckets().stream()
                        .map(bucket -> Objects.requireNonNullElse(bucket.name(), ""))
                        .filter(name -> !name.isEmpty())
                        .toList();
                for (var source : withTags(calls, endpoint, names)) {
                    if (!visit.test(source)) {
                        return;
                    }
                }
                var next = text(answer.continuationToken());
                if (next.isEmpty()) {
                    return;
                }
                if (next.equals(token)) {
                    break;
                }
                token = next;
            }
            throw new SourceException.Impossible(
                    "ListBuckets does not come to an end: the endpoint repeats itself. Check it.");
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    private static List<Source> withTags(Calls calls, Endpoint endpoint, List<String> names)
            throws InterruptedException {
        var sourceByName = new TreeMap<String, Source>();
        try (var hands = new Hands("discovery of buckets", AT_ONCE)) {
            for (var name : names) {
                hands.handOut(() -> tags(calls, name).ifPresent(tags -> {
                    synchronized (sourceByName) {
                        sourceByName.put(name, source(endpoint, name, tags));
                    }
                }));
            }
            hands.finish();
        }
        return new ArrayList<>(sourceByName.values());
    }

    /** The bucket as a source of its endpoint. */
    static Source source(Endpoint endpoint, String bucket, Map<String, String> tags) {
        var settings = new TreeMap<>(endpoint.settings());
        settings.put(S3Access.BUCKET, bucket);
        return new Source(ResourceType.S3, endpoint.scope(), Arn.ofBucket(bucket), bucket, settings, tags);
    }

    /** The tags of a bucket; empty if it has gone. */
    static Optional<Map<String, String>> tags(Calls calls, String bucket) throws InterruptedException {
        try {
            var tags = new TreeMap<String, String>();
            calls.make("GetBucketTagging", bucket, client -> client.getBucketTagging(request -> request.bucket(bucket)))
                    .tagSet()
                    .forEach(tag -> tags.put(tag.key(), tag.value()));
            return Optional.of(tags);
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.LACKING || failure.code().equals("NoSuchTagSet")) {
                return Optional.of(Map.of());
            }
            if (failure.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).filter(value -> !value.isEmpty());
    }
}
