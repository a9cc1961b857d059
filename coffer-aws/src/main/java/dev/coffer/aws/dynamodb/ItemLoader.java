package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.task.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Brings items of a point into a table, some batches at once. A table takes only so much into one partition, so the items come from several places of the order of keys at once, and a place that takes longer holds nobody up until the
 * others are done.
 */
final class ItemLoader {
    private static final int WRITERS = 8;
    private static final int LANES = 4;
    private static final int BATCH_ITEMS = 25;
    private static final long BATCH_BYTES = 4L << 20;

    private final Clients clients;
    private final Calls calls;
    private final PointTable point;
    private final Activity activity;
    private final long totalBytes;
    private final Findings findings;
    private final AtomicLong done = new AtomicLong();

    /** What is done with items; runs in many threads. */
    interface Write {
        void items(List<Map<String, AttributeValue>> items) throws InterruptedException;
    }

    ItemLoader(Clients clients, Calls calls, PointTable point, Activity activity, long totalBytes, Findings findings) {
        this.clients = clients;
        this.calls = calls;
        this.point = point;
        this.activity = activity;
        this.totalBytes = totalBytes;
        this.findings = findings;
    }

    /** Some items and the bytes that they have in the point. */
    private record Batch(List<Map<String, AttributeValue>> items, long bytes) {}

    /** Shows items of the point. */
    private interface Shown {
        void to(PointTable.Visit visit) throws InterruptedException;
    }

    /** Batches of one part of the point, from one reader to some writers. */
    private static final class Lane {
        private final BlockingQueue<Optional<Batch>> queue = new ArrayBlockingQueue<>(WRITERS / LANES);

        void read(Shown shown) throws InterruptedException {
            var items = new ArrayList<Map<String, AttributeValue>>();
            var bytes = new AtomicLong();
            shown.to((_, item) -> {
                items.add(PointTable.decode(item));
                if (bytes.addAndGet(item.length) >= BATCH_BYTES || items.size() == BATCH_ITEMS) {
                    queue.put(Optional.of(new Batch(List.copyOf(items), bytes.getAndSet(0))));
                    items.clear();
                }
            });
            if (!items.isEmpty()) {
                queue.put(Optional.of(new Batch(List.copyOf(items), bytes.get())));
            }
            queue.put(Optional.empty());
        }

        /** The next batch; empty for ever after the last. */
        Optional<Batch> next() throws InterruptedException {
            var next = queue.take();
            if (next.isEmpty()) {
                queue.put(next);
            }
            return next;
        }
    }

    /** Gives the items that the sieve takes to the writer; the bytes of them. */
    long load(KeyChoice.Sieve sieve, Write write) throws InterruptedException {
        int count = sieve.hashes().isEmpty() && point.hasShares() ? LANES : 1;
        var lanes = Stream.generate(Lane::new).limit(count).toList();
        try (var group = new TaskGroup<Boolean>("load")) {
            for (int i = 0; i < count; i++) {
                int share = i;
                group.fork(() -> {
                    lanes.get(share)
                            .read(
                                    count == 1
                                            ? visit -> point.items(sieve, visit)
                                            : visit -> point.itemsOfShare(share, count, visit));
                    return true;
                });
            }
            for (int i = 0; i < WRITERS; i++) {
                int first = i;
                group.fork(() -> {
                    for (int after = 0; after < count; after++) {
                        write(lanes.get((first + after) % count), write);
                    }
                    return true;
                });
            }
            group.join();
        }
        return done.get();
    }

    private void write(Lane lane, Write write) throws InterruptedException {
        for (var batch = lane.next(); batch.isPresent(); batch = lane.next()) {
            write.items(batch.get().items());
            long now = done.addAndGet(batch.get().bytes());
            activity.progress(now, Math.max(now, totalBytes));
        }
    }

    /** Writes into a table of the restore's own. */
    Write into(String table) {
        return items -> {
            Map<String, List<WriteRequest>> left = Map.of(
                    table,
                    items.stream()
                            .map(item -> WriteRequest.builder()
                                    .putRequest(put -> put.item(item))
                                    .build())
                            .toList());
            var patience = calls.patience("BatchWriteItem");
            while (!left.isEmpty()) {
                var now = left;
                int before = count(now);
                left = calls.make("BatchWriteItem", () -> clients.tables().batchWriteItem(b -> b.requestItems(now)))
                        .unprocessedItems();
                if (count(left) == 0) {
                    return;
                }
                if (count(left) < before) {
                    patience = calls.patience("BatchWriteItem");
                }
                patience.waitAfter(
                        count(left) + " items were not taken",
                        true,
                        new IllegalStateException("the table takes no more"));
            }
        };
    }

    private static int count(Map<String, List<WriteRequest>> requests) {
        return requests.values().stream().mapToInt(List::size).sum();
    }

    /** Writes into a table that has other items. One that is there with other content stays, and is named, unless it is to give way. */
    Write beside(String table, PrimaryKey key, boolean overwrite) {
        return items -> {
            for (var item : items) {
                if (overwrite) {
                    calls.make(
                            "PutItem",
                            () -> clients.tables()
                                    .putItem(b -> b.tableName(table).item(item)));
                } else {
                    putIfFree(table, key, item);
                }
            }
        };
    }

    private void putIfFree(String table, PrimaryKey key, Map<String, AttributeValue> item) throws InterruptedException {
        var there = calls.make("PutItem", () -> {
            try {
                clients.tables()
                        .putItem(b -> b.tableName(table)
                                .item(item)
                                .conditionExpression("attribute_not_exists(#key)")
                                .expressionAttributeNames(
                                        Map.of("#key", key.partition().name()))
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return Optional.<Map<String, AttributeValue>>empty();
            } catch (ConditionalCheckFailedException taken) {
                return Optional.of(taken.hasItem() ? taken.item() : Map.<String, AttributeValue>of());
            }
        });
        if (there.isEmpty()) {
            return;
        }
        var found = there.get().isEmpty()
                ? calls.make(
                                "GetItem",
                                () -> clients.tables()
                                        .getItem(b -> b.tableName(table)
                                                .consistentRead(true)
                                                .key(key.attributes(key.of(item)))))
                        .item()
                : there.get();
        if (!java.util.Arrays.equals(ItemCodec.encode(found), ItemCodec.encode(item))) {
            findings.add(key.path(item), "is in the table with other content, and was left as it is");
        }
    }
}
