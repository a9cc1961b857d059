package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.task.TaskGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Reads all items of a table, some segments of it at once, each page strongly consistent. */
final class TableScan {
    private static final double UNIT_BYTES = 4096;

    private final Clients clients;
    private final Calls calls;
    private final PrimaryKey key;
    private final ReadPace pace;
    private final Sorter sorter;
    private final Activity activity;
    private final AtomicLong done = new AtomicLong();

    TableScan(Clients clients, Calls calls, PrimaryKey key, ReadPace pace, Sorter sorter, Activity activity) {
        this.clients = clients;
        this.calls = calls;
        this.key = key;
        this.pace = pace;
        this.sorter = sorter;
        this.activity = activity;
    }

    /** Returns when all is in the sorter. */
    void run(TableDescription table, int segments) throws InterruptedException {
        long expected = table.tableSizeBytes() == null ? 0 : table.tableSizeBytes();
        try (var group = new TaskGroup<Boolean>("scan")) {
            for (int i = 0; i < segments; i++) {
                int segment = i;
                group.fork(() -> {
                    read(table.tableName(), segment, segments, expected);
                    return true;
                });
            }
            group.join();
        }
    }

    private void read(String table, int segment, int segments, long expected) throws InterruptedException {
        var circles = new Circles<Map<String, AttributeValue>>();
        Map<String, AttributeValue> from = Map.of();
        do {
            var start = from;
            var page = calls.make(
                    "Scan",
                    () -> clients.tables().scan(scan -> {
                        scan.tableName(table)
                                .consistentRead(true)
                                .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                                .segment(segment)
                                .totalSegments(segments);
                        if (!start.isEmpty()) {
                            scan.exclusiveStartKey(start);
                        }
                    }));
            checkTable(page, table);
            long bytes = keep(page);
            long now = done.addAndGet(bytes);
            activity.progress(now, Math.max(now, expected));
            from = page.hasLastEvaluatedKey() ? new HashMap<>(page.lastEvaluatedKey()) : Map.of();
            if (!from.isEmpty() && circles.closedBy(from)) {
                throw new SourceException.Impossible(
                        "Scan of " + calls.about() + " goes round in circles: it ends at " + key.path(from)
                                + " for the second time. The endpoint of the source does not page as DynamoDB does.");
            }
            var consumed = page.consumedCapacity();
            pace.used(
                    consumed == null || consumed.capacityUnits() == null
                            ? Math.ceil(bytes / UNIT_BYTES)
                            : consumed.capacityUnits());
        } while (!from.isEmpty());
    }

    private void checkTable(ScanResponse page, String table) {
        var consumed = page.consumedCapacity();
        var named = consumed == null ? null : consumed.tableName();
        if (named != null && !named.equals(table) && !named.endsWith("/" + table)) {
            throw new SourceException.Impossible("Scan of " + calls.about() + " was answered with another table, "
                    + named + ". See what the endpoint of the source is.");
        }
    }

    private long keep(ScanResponse page) {
        var entries = new ArrayList<Sorter.Entry>(page.items().size());
        long bytes = 0;
        for (var item : page.items()) {
            try {
                var encoded = ItemCodec.encode(item);
                entries.add(Sorter.Entry.scanned(key.of(item), encoded));
                bytes += encoded.length;
            } catch (IllegalArgumentException strange) {
                throw new SourceException.Impossible(
                        "Scan of " + calls.about() + " gave an item that cannot be kept, " + key.path(item) + ": "
                                + strange.getMessage() + ". See what the endpoint of the source is.",
                        strange);
            }
        }
        sorter.add(entries);
        return bytes;
    }
}
