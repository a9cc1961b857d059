package dev.coffer.aws.s3;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One restore into a bucket. Keys are restored side by side, the versions of a key one after the other, the oldest first. Memory holds the versions of the keys in work. */
final class BucketRestore {
    private static final Duration CLOCKS_APART = Duration.ofMinutes(15);

    private final RecoveryPointReader point;
    private final RestoreRequest request;
    private final RestoreOrder order;
    private final TargetBucket target;
    private final ObjectWriter writer;
    private final Findings findings = new Findings();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong restored = new AtomicLong();

    private long wanted;

    BucketRestore(
            RecoveryPointReader point,
            RestoreRequest request,
            RestoreOrder order,
            TargetBucket target,
            Activity activity,
            RangeBuffers rangeBuffers,
            InstantSource clock) {
        this.point = point;
        this.request = request;
        this.order = order;
        this.target = target;
        long total = order.items().isEmpty() && order.prefix().isEmpty() && order.versions() == Integer.MAX_VALUE
                ? point.manifest().logicalBytes()
                : 0;
        this.writer = new ObjectWriter(
                target,
                point,
                order,
                PartsUpload.PARTS_AT_MOST,
                rangeBuffers,
                findings,
                clock,
                moved -> activity.progress(bytes.addAndGet(moved), total));
    }

    Restored run() throws InterruptedException {
        if (order.inPlace()) {
            return new BucketRollBack(point, order, target, writer, findings, bytes).run();
        }
        try (var hands = new Hands("restore into " + target.name(), Calls.AT_MOST)) {
            for (var under : places()) {
                new PointKeys(point, order.versions()).each(under, (key, versions) -> handOut(hands, key, versions));
            }
            hands.finish();
        }
        var arn = point.manifest().point().recoveryPointArn();
        if (wanted == 0) {
            findings.add(KeyPath.OBJECTS, "There are no objects that match the restore request for " + arn + ".");
        } else if (restored.get() == 0) {
            throw new SourceException.Impossible("No objects were restored from " + arn + " to " + target.name()
                    + ". To get notified of these failures, enable SNS event notifications."
                    + findings.named().stream()
                            .findFirst()
                            .map(skipped -> " The first: " + skipped.path() + " (" + skipped.reason() + ")")
                            .orElse(""));
        }
        if (order.configuration()) {
            new CarriedSettings(point, target, request.jobId(), findings).put();
        }
        return new Restored(
                Arn.ofBucket(target.name()), target.created(), bytes.get(), findings.count(), findings.named());
    }

    /** What to walk: each object once, whatever the items say twice. */
    private List<ItemPath> places() {
        if (order.items().isEmpty()) {
            return List.of(KeyPath.above(order.prefix()));
        }
        var places = new LinkedHashSet<ItemPath>();
        for (var item : order.items()) {
            places.add(
                    item.folder()
                            ? KeyPath.above(item.key())
                            : KeyPath.of(item.key(), "x").parent());
        }
        return places.stream()
                .filter(place -> places.stream().noneMatch(other -> !other.equals(place) && place.isWithin(other)))
                .toList();
    }

    private void handOut(Hands hands, String key, List<Item> versions) throws InterruptedException {
        if (!order.wants(key)) {
            return;
        }
        var sequence = Sequence.of(versions, order.versions());
        if (sequence.isEmpty()) {
            return;
        }
        wanted++;
        hands.handOut(() -> restore(key, sequence));
    }

    private void restore(String key, List<Item> sequence) throws InterruptedException {
        var path = sequence.getLast().path();
        try {
            var to = order.targetKey(key);
            if (to.isEmpty() || to.getBytes(StandardCharsets.UTF_8).length > KeyPath.KEY_BYTES_AT_MOST) {
                findings.add(path, "its key in the target would be empty or longer than 1024 bytes");
                return;
            }
            if (target.fresh()) {
                putAll(to, sequence);
            } else if (sequence.size() == 1 && order.versions() == 1) {
                one(path, to, sequence.getFirst());
            } else {
                several(path, to, sequence);
            }
        } catch (S3Failure failure) {
            note(findings, path, failure, order);
        } catch (RepositoryException.Corrupt damage) {
            findings.add(path, String.valueOf(damage.getMessage()));
        }
    }

    private void one(ItemPath path, String key, Item item) throws InterruptedException {
        var there = target.look(key);
        if (there.isEmpty()) {
            putAll(key, List.of(item));
        } else if (isSame(there.get(), item)) {
            already(item);
        } else {
            switch (order.conflict()) {
                case SKIP -> findings.add(path, "an object of this key exists already and was left as it is");
                case OVERWRITE -> putAll(key, List.of(item));
                case RENAME -> {
                    var free = renamed(key);
                    if (target.look(free).filter(other -> isSame(other, item)).isPresent()) {
                        already(item);
                    } else {
                        putAll(free, List.of(item));
                    }
                }
            }
        }
    }

    private void several(ItemPath path, String key, List<Item> sequence) throws InterruptedException {
        var there = versions(key);
        int overlap = Sequence.overlap(there, sequence);
        boolean deleted = !there.isEmpty() && there.getLast().deleteMarker();
        if (overlap == there.size() || deleted || order.conflict() == Conflict.OVERWRITE) {
            sequence.subList(0, overlap).forEach(item -> bytes.addAndGet(item.size()));
            putAll(key, sequence.subList(overlap, sequence.size()));
        } else if (order.conflict() == Conflict.RENAME) {
            var free = renamed(key);
            int done = Sequence.overlap(versions(free), sequence);
            putAll(free, sequence.subList(done, sequence.size()));
        } else {
            findings.add(path, "versions of this key exist already and were left as they are");
        }
    }

    private void putAll(String key, List<Item> sequence) throws InterruptedException {
        for (var item : sequence) {
            if (ObjectFacts.isMarker(item)) {
                writer.delete(key);
            } else {
                writer.put(item, key);
            }
        }
        restored.incrementAndGet();
    }

    private void already(Item item) {
        bytes.addAndGet(item.size());
        restored.incrementAndGet();
    }

    /** A name beside the other, the same for every run of the job. */
    private String renamed(String key) {
        return key + ".restored-"
                + request.jobId().substring(0, Math.min(8, request.jobId().length()));
    }

    private List<Listed> versions(String key) throws InterruptedException {
        var versions = new ArrayList<Listed>();
        new VersionListing(target.calls(), target.name(), key).each(listed -> {
            if (listed.key().equals(key)) {
                versions.add(listed);
            }
            return listed.key().equals(key);
        });
        versions.sort(Comparator.comparingInt(Listed::rank).reversed());
        return versions;
    }

    /** Whether the object there is the item: by its checksum where both have one, else by length, metadata and that it is from this job. */
    private boolean isSame(ObjectFacts.Head there, Item item) {
        if (there.length() != item.size()) {
            return false;
        }
        var etag = item.attributes().text(ObjectFacts.ETAG).orElse("");
        if (there.hasMd5() && etag.matches("[0-9a-f]{32}")) {
            return there.etag().equals(etag);
        }
        return there.meta().equals(ObjectFacts.pairs(item, ObjectFacts.META))
                && !there.modified().isBefore(request.createdAt().minus(CLOCKS_APART));
    }

    /** Names an object that cannot be restored, or ends the job if it is not the object's fault. */
    static void note(Findings findings, ItemPath path, S3Failure failure, RestoreOrder order) {
        switch (failure.kind()) {
            case THROTTLED, UNREACHABLE, LYING -> throw failure;
            case KEY_DENIED -> {
                // The same key for all of them: no object can come through.
                if (order.kmsKey().isPresent() || order.encryption() == RestoreOrder.Encryption.SSE_KMS) {
                    throw failure;
                }
                findings.add(path, failure.text());
            }
            case NOT_FOUND, DENIED, ARCHIVED, CHANGED, LACKING, TRUNCATED, DAMAGED, REFUSED -> {
                if (failure.isBucketGone()) {
                    throw failure;
                }
                findings.add(path, failure.text());
            }
        }
    }
}
