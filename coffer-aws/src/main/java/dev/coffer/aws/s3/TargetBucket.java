package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.Tag;

/**
 * The bucket that a restore fills. A new one is marked with a tag of the job, by which a repeat knows it again.
 *
 * @param versioned whether it keeps versions
 * @param locking whether its objects can have retention and legal holds, as far as it tells
 * @param fresh whether this run has made it, so that nothing is in it
 * @param created the bucket as a source, if the job has made it
 */
record TargetBucket(
        Calls calls, String name, boolean versioned, boolean locking, boolean fresh, Optional<Source> created)
        implements AutoCloseable {
    /** The tag that names the restore job which has made a bucket. */
    static final String JOB_TAG = "coffer:restore-job";

    private static final Duration CLOCKS_APART = Duration.ofMinutes(15);

    /**
     * Opens the bucket, or makes it.
     *
     * @param likeVersioned whether the original kept versions
     * @param locked whether a new bucket is to be able to lock objects
     */
    static TargetBucket open(
            S3Access access, RestoreRequest request, RestoreOrder order, boolean likeVersioned, boolean locked)
            throws InterruptedException {
        var settings = new TreeMap<>(request.sources()
                .existing(order.bucket())
                .map(Source::settings)
                .orElseGet(() -> request.sources().endpoint().settings()));
        settings.remove(S3Access.BUCKET);
        var calls = access.open(settings, order.bucket());
        boolean done = false;
        try {
            var target = open(access, calls, settings, request, order, likeVersioned, locked);
            done = true;
            return target;
        } finally {
            if (!done) {
                calls.close();
            }
        }
    }

    private static TargetBucket open(
            S3Access access,
            Calls calls,
            Map<String, String> settings,
            RestoreRequest request,
            RestoreOrder order,
            boolean likeVersioned,
            boolean locked)
            throws InterruptedException {
        var name = order.bucket();
        boolean exists = exists(calls, name);
        if (!order.newBucket()) {
            if (!exists) {
                throw new SourceException.Impossible(
                        "The bucket " + name
                                + " does not exist behind the endpoint. Set NewBucket to true to have it made, or name another.");
            }
            boolean versioned = versioned(calls, name);
            if (order.versions() > 1 && !versioned) {
                throw new SourceException.Impossible("RestoreLatestVersionsUpTo is more than 1, and the bucket " + name
                        + " keeps no versions. Enable its versioning, or restore the latest versions alone.");
            }
            return new TargetBucket(
                    calls, name, versioned, order.objectLock() && locking(calls, name), false, Optional.empty());
        }
        boolean fresh = !exists;
        if (exists && !isOwn(calls, name, request)) {
            throw new SourceException.Impossible("The bucket " + name
                    + " exists already, and NewBucket is true. Set NewBucket to false to add to it, or name another.");
        }
        if (fresh) {
            create(access, calls, settings, name, locked);
        }
        calls.make(
                "PutBucketTagging",
                "",
                client -> client.putBucketTagging(put -> put.bucket(name)
                        .tagging(tags -> tags.tagSet(Tag.builder()
                                .key(JOB_TAG)
                                .value(request.jobId())
                                .build()))));
        boolean versioned = likeVersioned || order.versions() > 1 || locked;
        if (versioned) {
            calls.make(
                    "PutBucketVersioning",
                    "",
                    client -> client.putBucketVersioning(put -> put.bucket(name)
                            .versioningConfiguration(state -> state.status(BucketVersioningStatus.ENABLED))));
        }
        var endpoint = new Endpoint(ResourceType.S3, request.scope(), settings);
        return new TargetBucket(
                calls,
                name,
                versioned,
                order.objectLock() && locked,
                fresh,
                Optional.of(S3Discovery.source(endpoint, name, Map.of(JOB_TAG, request.jobId()))));
    }

    private static boolean exists(Calls calls, String name) throws InterruptedException {
        try {
            calls.make("HeadBucket", "", client -> client.headBucket(head -> head.bucket(name)));
            return true;
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.NOT_FOUND) {
                return false;
            }
            throw failure;
        }
    }

    private static boolean versioned(Calls calls, String name) throws InterruptedException {
        try {
            return calls.make("GetBucketVersioning", "", client -> client.getBucketVersioning(get -> get.bucket(name)))
                            .status()
                    == BucketVersioningStatus.ENABLED;
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.LACKING) {
                return false;
            }
            throw failure;
        }
    }

    /** Where that may not be asked, the objects themselves will tell. */
    private static boolean locking(Calls calls, String name) throws InterruptedException {
        try {
            var lock = calls.makeBriefly(
                            "GetObjectLockConfiguration",
                            "",
                            client -> client.getObjectLockConfiguration(get -> get.bucket(name)))
                    .objectLockConfiguration();
            return lock != null && lock.objectLockEnabled() == ObjectLockEnabled.ENABLED;
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.THROTTLED || failure.isBucketGone()) {
                throw failure;
            }
            return failure.kind() == Kind.DENIED;
        }
    }

    /** What the key's newest version is; empty if there is none, or it is deleted. */
    Optional<ObjectFacts.Head> look(String key) throws InterruptedException {
        try {
            return Optional.of(calls.make(
                    "HeadObject",
                    key,
                    client -> ObjectFacts.Head.of(
                            client.headObject(head -> head.bucket(name).key(key)))));
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.NOT_FOUND || failure.kind() == Kind.LACKING) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** Whether an earlier run of this job has made the bucket: it has the job's tag, or is new and empty because that run ended before it could mark it. */
    private static boolean isOwn(Calls calls, String name, RestoreRequest request) throws InterruptedException {
        var tags = S3Discovery.tags(calls, name).orElse(Map.of());
        if (tags.containsKey(JOB_TAG)) {
            return request.jobId().equals(tags.get(JOB_TAG));
        }
        boolean recent = calls.make("ListBuckets", "", client -> client.listBuckets()).buckets().stream()
                .filter(bucket -> name.equals(bucket.name()))
                .anyMatch(bucket -> bucket.creationDate() != null
                        && bucket.creationDate().isAfter(request.createdAt().minus(CLOCKS_APART)));
        var empty = new boolean[] {true};
        new VersionListing(calls, name, "").each(_ -> {
            empty[0] = false;
            return false;
        });
        return recent && empty[0] && tags.isEmpty();
    }

    /** Makes the bucket where requests are signed for; an endpoint that knows no such place is asked again without one, which the SDK does for us-east-1. */
    private static void create(S3Access access, Calls calls, Map<String, String> settings, String name, boolean locked)
            throws InterruptedException {
        var request = CreateBucketRequest.builder().bucket(name);
        if (locked) {
            request.objectLockEnabledForBucket(true);
        }
        try {
            calls.make("CreateBucket", "", client -> client.createBucket(request.build()));
        } catch (S3Failure failure) {
            if (!failure.code().equals("InvalidLocationConstraint")
                    && !failure.code().equals("IllegalLocationConstraintException")) {
                throw failure;
            }
            var anywhere = new TreeMap<>(settings);
            anywhere.put("signingRegion", "us-east-1");
            try (var plain = access.open(anywhere, name)) {
                plain.make("CreateBucket", "", client -> client.createBucket(request.build()));
            }
        }
    }

    @Override
    public void close() {
        calls.close();
    }
}
