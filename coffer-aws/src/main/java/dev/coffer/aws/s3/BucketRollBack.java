package dev.coffer.aws.s3;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings a bucket itself back to a recovery point: what differs is put as a new version, what the point has not gets a delete marker, and no version is deleted. Only what differs costs a call, besides the listing. Run again after a
 * crash, it finds what it has put.
 */
final class BucketRollBack {
    private final RecoveryPointReader point;
    private final PointKeys keys;
    private final RestoreOrder order;
    private final TargetBucket target;
    private final ObjectWriter writer;
    private final Findings findings;
    private final AtomicLong bytes;
    private final AtomicLong settled = new AtomicLong();
    // Keys that the listing shows, in whatever state, and that the point has.
    private final AtomicLong listedOfPoint = new AtomicLong();

    /** @param bytes what the writer has written */
    BucketRollBack(
            RecoveryPointReader point,
            RestoreOrder order,
            TargetBucket target,
            ObjectWriter writer,
            Findings findings,
            AtomicLong bytes) {
        this.point = point;
        this.keys = new PointKeys(point, 1);
        this.order = order;
        this.target = target;
        this.writer = writer;
        this.findings = findings;
        this.bytes = bytes;
    }

    Restored run() throws InterruptedException {
        if (!target.versioned()) {
            throw new SourceException.Impossible(
                    "The bucket " + target.name()
                            + " keeps no versions, so that coffer:inPlace would lose what is there. Enable its versioning, or restore into another bucket.");
        }
        try (var hands = new Hands("roll-back of " + target.name(), Calls.AT_MOST)) {
            new VersionListing(target.calls(), target.name(), order.prefix()).eachAhead(listed -> {
                if (listed.rank() == 0 && order.wants(listed.key())) {
                    hands.handOut(() -> settle(listed));
                }
                return true;
            });
            hands.finish();
            if (listedOfPoint.get() != keysOfPoint()) {
                // Some keys have no version there any more.
                each((key, item) -> hands.handOut(() -> bringBack(key, item)));
                hands.finish();
            }
        }
        if (settled.get() == 0 && findings.count() > 0) {
            throw new SourceException.Impossible("Nothing in " + target.name() + " was brought back to "
                    + point.manifest().point().recoveryPointArn() + ". The first reason: "
                    + findings.named().getFirst().reason());
        }
        return new Restored(
                Arn.ofBucket(target.name()), Optional.empty(), bytes.get(), findings.count(), findings.named());
    }

    @FunctionalInterface
    private interface Taker {
        void take(String key, Item newest) throws InterruptedException;
    }

    /** Every key that is wanted and not deleted in the point. */
    private void each(Taker taker) throws InterruptedException {
        keys.each(KeyPath.above(order.prefix()), (key, versions) -> {
            var newest = order.wants(key) ? Sequence.of(versions, 1) : List.<Item>of();
            if (!newest.isEmpty()) {
                taker.take(key, newest.getFirst());
            }
        });
    }

    private long keysOfPoint() throws InterruptedException {
        var count = new long[1];
        each((_, _) -> count[0]++);
        return count[0];
    }

    private void settle(Listed listed) throws InterruptedException {
        var path = KeyPath.of(listed.key(), listed.versionId());
        attempt(path, () -> {
            var same = point.find(path)
                    .filter(item -> ObjectFacts.isNewest(item) && ObjectFacts.same(item, listed))
                    .isPresent();
            if (same) {
                count(!listed.deleteMarker());
                return;
            }
            var wanted = keys.newest(listed.key());
            count(wanted.isPresent());
            if (wanted.isEmpty()) {
                if (!listed.deleteMarker()) {
                    writer.delete(listed.key());
                }
            } else if (listed.deleteMarker() || !isThere(listed.key(), wanted.get())) {
                writer.put(wanted.get(), listed.key());
            }
        });
    }

    private void count(boolean ofPoint) {
        if (ofPoint) {
            listedOfPoint.incrementAndGet();
        }
    }

    private void bringBack(String key, Item item) throws InterruptedException {
        attempt(item.path(), () -> {
            if (target.look(key).isEmpty()) {
                writer.put(item, key);
            }
        });
    }

    private void attempt(ItemPath path, Hands.Work work) throws InterruptedException {
        try {
            work.run();
            settled.incrementAndGet();
        } catch (S3Failure failure) {
            BucketRestore.note(findings, path, failure, order);
        } catch (RepositoryException.Corrupt damage) {
            findings.add(path, String.valueOf(damage.getMessage()));
        }
    }

    /** Whether the newest version there is what the point has, though it has another id: an earlier run has put it. What cannot be compared counts as different. */
    private boolean isThere(String key, Item item) throws InterruptedException {
        var there = target.look(key);
        if (there.isEmpty()) {
            return false;
        }
        var head = there.get();
        var etag = item.attributes().text(ObjectFacts.ETAG).orElse("");
        return head.length() == item.size()
                && head.hasMd5()
                && head.etag().equals(etag)
                && head.meta().equals(ObjectFacts.pairs(item, ObjectFacts.META))
                && described(head.headers()).equals(described(ObjectFacts.pairs(item, ObjectFacts.HEADERS)))
                && (!order.tags() || tags(key).equals(ObjectFacts.pairs(item, ObjectFacts.TAGS)));
    }

    /** The headers that say what the content is. Those of encryption and locks are the bucket's own matter, and not every text can be put as an expiry. */
    private static Map<String, String> described(Map<String, String> headers) {
        var described = new TreeMap<>(headers);
        described
                .keySet()
                .removeAll(List.of(
                        ObjectFacts.ENCRYPTION,
                        ObjectFacts.KMS_KEY,
                        ObjectFacts.LOCK_MODE,
                        ObjectFacts.LOCK_UNTIL,
                        ObjectFacts.LEGAL_HOLD,
                        ObjectFacts.EXPIRES));
        return described;
    }

    private Map<String, String> tags(String key) throws InterruptedException {
        var tags = new TreeMap<String, String>();
        target.calls()
                .make(
                        "GetObjectTagging",
                        key,
                        client -> client.getObjectTagging(
                                get -> get.bucket(target.name()).key(key)))
                .tagSet()
                .forEach(tag -> tags.put(tag.key(), tag.value()));
        return tags;
    }
}
