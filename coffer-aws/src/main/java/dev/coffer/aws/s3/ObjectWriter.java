package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/**
 * Puts versions into a bucket: small ones in one call, large ones by parts, several at once. Every body carries its MD5, and what was put is compared with it, or with its length, before it counts. Safe for many threads.
 */
final class ObjectWriter {
    private static final int PART_BYTES = 8 << 20;
    /** S3 has ten thousand. */
    static final int PARTS_AT_MOST = 9_000;

    private static final int PARTS_AT_ONCE = 4;
    private static final int TINY_BYTES = 128 << 10;
    private static final int CONTENTS_AT_ONCE = 24;

    private final TargetBucket target;
    private final PutRequests requests;
    private final RecoveryPointReader point;
    private final RestoreOrder order;
    private final int partsAtMost;
    private final Semaphore rangeBuffers;
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
            Semaphore rangeBuffers,
            Findings findings,
            InstantSource clock,
            LongConsumer moved) {
        this.target = target;
        this.requests = new PutRequests(target.name(), order);
        this.point = point;
        this.order = order;
        this.partsAtMost = partsAtMost;
        this.rangeBuffers = rangeBuffers;
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
        return item.size() <= PART_BYTES ? whole(item, key, lock) : parts(item, key, lock);
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
        int permits = item.size() > PART_BYTES / 8 ? 1 : 0;
        rangeBuffers.acquire(permits);
        try {
            var bytes = read(item, 0, (int) item.size());
            var request = requests.put(item, key, lock)
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

    private Optional<String> parts(Item item, String key, ObjectLock lock) throws InterruptedException {
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
            var head = checkLength(item, key, versionId);
            if (!ObjectLock.of(head.headers(), clock.instant()).equals(lock)) {
                putLock(item, key, versionId, lock);
            }
            return versionId;
        } finally {
            if (!complete) {
                abort(key, upload);
            }
        }
    }

    private List<CompletedPart> uploaded(Item item, String key, String upload) throws InterruptedException {
        long least = Math.ceilDiv(item.size(), (long) partsAtMost);
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
            var body = length > PART_BYTES ? streamed(item, from, length) : held(read(item, from, length));
            var answer = target.calls()
                    .make(
                            "UploadPart",
                            key,
                            client -> client.uploadPart(
                                    request -> request.bucket(target.name())
                                            .key(key)
                                            .uploadId(upload)
                                            .partNumber(number)
                                            .contentMD5(body.md5()),
                                    body.body()));
            moved.accept(length);
            return CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .build();
        } finally {
            rangeBuffers.release();
        }
    }

    /** What is sent, with its MD5 as the header has it. */
    private record Body(RequestBody body, String md5) {}

    private static Body held(byte[] bytes) {
        return new Body(RequestBody.fromBytes(bytes), Md5.header(bytes, bytes.length));
    }

    /** A part that is too large to be held in memory is read from the vault once for its MD5, and again each time that it is sent. */
    private Body streamed(Item item, long from, int length) throws InterruptedException {
        var digest = Md5.digest();
        try (var in = new DigestInputStream(point.open(item, new ByteRange(from, length)), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        var body =
                RequestBody.fromContentProvider(() -> opened(item, from, length), length, "application/octet-stream");
        return new Body(body, Base64.getEncoder().encodeToString(digest.digest()));
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
