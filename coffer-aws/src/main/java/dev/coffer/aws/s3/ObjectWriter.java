package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/**
 * Puts versions into a bucket: small ones in one call, large ones by parts, several at once. Every body carries its MD5, and what was put is compared with it, or with its length, before it counts. Safe for many threads.
 */
final class ObjectWriter {
    private static final int TINY_BYTES = 128 << 10;
    private static final int SMALL_BYTES = 1 << 20;
    private static final int CONTENTS_AT_ONCE = 24;

    private final TargetBucket target;
    private final PutRequests requests;
    private final PartsUpload uploads;
    private final RecoveryPointReader point;
    private final RestoreOrder order;
    private final RangeBuffers rangeBuffers;
    // Each content that is not tiny has buffers of its own on its way out.
    private final Semaphore contents = new Semaphore(CONTENTS_AT_ONCE);
    private final Findings findings;
    private final InstantSource clock;
    private final LongConsumer moved;

    /**
     * Puts versions of the point into the target.
     *
     * @param partsAtMost of how many parts a large object consists
     * @param findings is told of what could not be put back of an object that was
     */
    ObjectWriter(
            TargetBucket target,
            RecoveryPointReader point,
            RestoreOrder order,
            int partsAtMost,
            RangeBuffers rangeBuffers,
            Findings findings,
            InstantSource clock,
            LongConsumer moved) {
        this.target = target;
        this.requests = new PutRequests(target.name(), order);
        this.point = point;
        this.order = order;
        this.rangeBuffers = rangeBuffers;
        this.uploads = new PartsUpload(target, requests, point, partsAtMost, rangeBuffers, moved);
        this.findings = findings;
        this.clock = clock;
        this.moved = moved;
    }

    /** Puts the version under the key, with what the order wants of it. */
    void put(Item item, String key) throws InterruptedException {
        int permits = item.size() > TINY_BYTES ? 1 : 0;
        contents.acquire(permits);
        try {
            var versionId = locked(item, key);
            if (order.acls()) {
                putAcl(item, key, versionId);
            }
        } finally {
            contents.release(permits);
        }
    }

    /** With its lock, if it has one and the order wants it; without one rather than not at all. */
    private Optional<String> locked(Item item, String key) throws InterruptedException {
        var lock = order.objectLock()
                ? ObjectLock.of(ObjectFacts.pairs(item, ObjectFacts.HEADERS), clock.instant())
                : ObjectLock.NONE;
        if (lock.isNone()) {
            return content(item, key, lock);
        }
        if (!target.locking()) {
            var versionId = content(item, key, ObjectLock.NONE);
            findings.add(
                    item.path(), "was restored without its " + lock.told() + ", since the bucket has no object lock");
            return versionId;
        }
        try {
            return content(item, key, lock);
        } catch (S3Failure failure) {
            nameWithoutLock(item, lock, failure);
            return content(item, key, ObjectLock.NONE);
        }
    }

    private Optional<String> content(Item item, String key, ObjectLock lock) throws InterruptedException {
        return item.size() <= RangeBuffers.BYTES ? whole(item, key, lock) : parts(item, key, lock);
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

    private Optional<String> whole(Item item, String key, ObjectLock lock) throws InterruptedException {
        if (item.size() <= SMALL_BYTES) {
            return whole(item, key, lock, new byte[(int) item.size()]);
        }
        var buffer = rangeBuffers.take();
        try {
            return whole(item, key, lock, buffer);
        } finally {
            rangeBuffers.giveBack(buffer);
        }
    }

    private Optional<String> whole(Item item, String key, ObjectLock lock, byte[] buffer) throws InterruptedException {
        int length = (int) item.size();
        if (length > 0) {
            try (var in = point.open(item, new ByteRange(0, length))) {
                Bodies.fill(in, buffer, length);
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        var md5 = Md5.bytes(buffer, length);
        var request = requests.put(item, key, lock).contentMD5(Md5.header(md5)).build();
        var answer =
                target.calls().make("PutObject", key, client -> client.putObject(request, Bodies.of(buffer, length)));
        var etag = Listed.bare(Objects.requireNonNullElse(answer.eTag(), ""));
        boolean plain = request.serverSideEncryptionAsString() == null && answer.serverSideEncryptionAsString() == null;
        if (plain && etag.matches("[0-9a-f]{32}") && !etag.equals(Md5.hex(md5))) {
            throw new S3Failure(
                    Kind.DAMAGED,
                    "PutObject of " + Shown.key(key) + " stored something else: its ETag is " + etag + ".");
        }
        moved.accept(length);
        return Optional.ofNullable(answer.versionId());
    }

    private Optional<String> parts(Item item, String key, ObjectLock lock) throws InterruptedException {
        var put = uploads.put(item, key, lock);
        if (!ObjectLock.of(put.head().headers(), clock.instant()).equals(lock)) {
            putLock(item, key, put.versionId(), lock);
        }
        return put.versionId();
    }

    /** Some endpoints leave the lock of an upload by parts out without a word. */
    private void putLock(Item item, String key, Optional<String> versionId, ObjectLock lock)
            throws InterruptedException {
        try {
            if (lock.retention().isPresent()) {
                var retention = lock.retention().get();
                target.calls()
                        .make(
                                "PutObjectRetention",
                                key,
                                client -> client.putObjectRetention(request -> {
                                    request.bucket(target.name())
                                            .key(key)
                                            .retention(r ->
                                                    r.mode(retention.mode()).retainUntilDate(retention.until()));
                                    versionId.ifPresent(request::versionId);
                                }));
            }
            if (lock.held()) {
                target.calls()
                        .make(
                                "PutObjectLegalHold",
                                key,
                                client -> client.putObjectLegalHold(request -> {
                                    request.bucket(target.name())
                                            .key(key)
                                            .legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.ON));
                                    versionId.ifPresent(request::versionId);
                                }));
            }
        } catch (S3Failure failure) {
            nameWithoutLock(item, lock, failure);
        }
    }

    private void nameWithoutLock(Item item, ObjectLock lock, S3Failure failure) {
        if (failure.kind() != Kind.DENIED && failure.kind() != Kind.REFUSED && failure.kind() != Kind.LACKING) {
            throw failure;
        }
        findings.add(item.path(), "was restored without its " + lock.told() + ": " + failure.text());
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
}
