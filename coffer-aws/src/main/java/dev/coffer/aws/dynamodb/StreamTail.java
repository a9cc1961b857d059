package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/**
 * Follows the stream of a table from {@link #open} on until all that was written before a given moment has come, and puts every change into the sorter. The order of the changes of a key is that of the stream: within a shard that of its sequence
 * numbers, and a shard is read after the one that it came from. Times of records only say where to stop.
 *
 * <p>{@link #open} and {@link #follow} are called by one thread after the other, {@link #endAt} by any.
 */
final class StreamTail {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_SHARDS = Duration.ofSeconds(10);
    /** How long after a write its record may come. */
    private static final Duration SETTLING = Duration.ofSeconds(2);
    /** How long a stream may go on to have more than can be read. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Clients clients;
    private final Calls calls;
    private final PrimaryKey key;
    private final Sorter sorter;
    private final String stream;
    private final Map<String, Followed> shards = new LinkedHashMap<>();
    private long ordinal;
    private Instant lookedAt = Instant.MIN;
    private Optional<End> end = Optional.empty();

    /**
     * Where to stop.
     *
     * @param cut by the clock of the source
     * @param sourceAhead how far that clock is ahead of ours
     */
    private record End(Instant cut, Duration sourceAhead, Instant setAt) {}

    /** A shard and how far it is read. */
    private static final class Followed {
        private final Optional<String> parent;
        private Optional<String> iterator;
        private Optional<String> sequence = Optional.empty();
        private boolean done;

        private Followed(Optional<String> parent, Optional<String> iterator, boolean done) {
            this.parent = parent;
            this.iterator = iterator;
            this.done = done;
        }
    }

    StreamTail(Clients clients, Calls calls, PrimaryKey key, Sorter sorter, String stream) {
        this.clients = clients;
        this.calls = calls;
        this.key = key;
        this.sorter = sorter;
        this.stream = stream;
    }

    /** Marks the present end of the stream; all that is written from now on will be followed. */
    void open() throws InterruptedException {
        for (var shard : list()) {
            boolean closed = shard.sequenceNumberRange() != null
                    && shard.sequenceNumberRange().endingSequenceNumber() != null;
            shards.put(
                    shard.shardId(),
                    new Followed(
                            Optional.ofNullable(shard.parentShardId()),
                            closed
                                    ? Optional.empty()
                                    : Optional.of(
                                            iterator(shard.shardId(), ShardIteratorType.LATEST, Optional.empty())),
                            closed));
        }
        lookedAt = calls.clock().instant();
    }

    private List<Shard> list() throws InterruptedException {
        var all = new ArrayList<Shard>();
        var circles = new Circles<String>();
        var from = Optional.<String>empty();
        do {
            var start = from;
            var page = calls.make(
                            "DescribeStream",
                            () -> clients.streams()
                                    .describeStream(b -> b.streamArn(stream).exclusiveStartShardId(start.orElse(null))))
                    .streamDescription();
            all.addAll(page.shards());
            from = Optional.ofNullable(page.lastEvaluatedShardId());
            if (from.filter(circles::closedBy).isPresent()) {
                throw new SourceException.Impossible(
                        "DescribeStream of " + calls.about() + " goes round in circles: it names a shard twice.");
            }
        } while (from.isPresent());
        return all;
    }

    private String iterator(String shard, ShardIteratorType type, Optional<String> sequence)
            throws InterruptedException {
        return calls.make("GetShardIterator", () -> {
            try {
                return clients.streams()
                        .getShardIterator(b -> b.streamArn(stream)
                                .shardId(shard)
                                .shardIteratorType(type)
                                .sequenceNumber(sequence.orElse(null)))
                        .shardIterator();
            } catch (TrimmedDataAccessException gone) {
                throw trimmed(gone);
            }
        });
    }

    private SourceException trimmed(TrimmedDataAccessException cause) {
        return new SourceException.Impossible(
                "The stream of " + calls.about()
                        + " has dropped changes before they could be read (24 hours are kept).",
                cause);
    }

    /** Tells that all written before the moment is wanted, and no more than what comes with it. */
    synchronized void endAt(Instant cut, Duration sourceAhead) {
        end = Optional.of(new End(cut, sourceAhead, calls.clock().instant()));
    }

    private synchronized Optional<End> end() {
        return end;
    }

    /** Returns when the end was told and everything before it is in the sorter. */
    void follow() throws InterruptedException {
        while (true) {
            var stop = end();
            if (Duration.between(lookedAt, calls.clock().instant()).compareTo(LOOK_FOR_SHARDS) >= 0) {
                findShards();
            }
            boolean more = false;
            // Children come after their parents in the map, so that those of a shard that ends now begin in the same
            // round.
            for (var entry : List.copyOf(shards.entrySet())) {
                var shard = entry.getValue();
                if (!shard.done && mayBegin(entry.getKey(), shard)) {
                    more |= read(entry.getKey(), shard, stop);
                }
            }
            if (stop.isPresent()) {
                if (shards.values().stream().allMatch(shard -> shard.done)) {
                    int known = shards.size();
                    findShards();
                    if (shards.size() == known) {
                        return;
                    }
                    continue;
                }
                if (calls.clock().instant().isAfter(stop.get().setAt().plus(LONGEST))) {
                    throw new SourceException.Unavailable(
                            "The stream of " + calls.about() + " could not be read to its end in " + LONGEST.toMinutes()
                                    + " minutes.",
                            new IllegalStateException("more changes come than can be read"));
                }
            }
            if (!more) {
                calls.pause(POLL);
            }
        }
    }

    private void findShards() throws InterruptedException {
        for (var shard : list()) {
            shards.computeIfAbsent(
                    shard.shardId(),
                    _ -> new Followed(Optional.ofNullable(shard.parentShardId()), Optional.empty(), false));
        }
        lookedAt = calls.clock().instant();
    }

    /** A shard that is new begins when the one that it came from is read; what is in it was written after {@link #open}. */
    private boolean mayBegin(String id, Followed shard) throws InterruptedException {
        if (shard.iterator.isPresent()) {
            return true;
        }
        var parent = shard.parent.map(shards::get);
        if (parent.isPresent() && !parent.get().done) {
            return false;
        }
        shard.iterator = Optional.of(iterator(id, ShardIteratorType.TRIM_HORIZON, Optional.empty()));
        return true;
    }

    /** Reads on; true if there may be more at once. */
    private boolean read(String id, Followed shard, Optional<End> stop) throws InterruptedException {
        // Asked before the call: an answer without records then says that nothing from before was left.
        boolean settled = stop.isPresent() && isSettled(stop.get());
        var from = shard.iterator.orElseThrow();
        var answer = calls.make("GetRecords", () -> {
            try {
                return Optional.of(clients.streams().getRecords(b -> b.shardIterator(from)));
            } catch (ExpiredIteratorException late) {
                return Optional.<GetRecordsResponse>empty();
            } catch (TrimmedDataAccessException gone) {
                throw trimmed(gone);
            }
        });
        if (answer.isEmpty()) {
            if (shard.sequence.isEmpty()) {
                throw new SourceException.Impossible("The place in the stream of " + calls.about()
                        + " was lost, since it was not read for too long.");
            }
            shard.iterator = Optional.of(iterator(id, ShardIteratorType.AFTER_SEQUENCE_NUMBER, shard.sequence));
            return true;
        }
        var records = answer.get().records();
        for (var record : records) {
            var at = record.dynamodb().approximateCreationDateTime();
            if (stop.isPresent() && at != null && !at.isBefore(stop.get().cut())) {
                shard.done = true;
                return true;
            }
            keep(record);
            shard.sequence = Optional.of(record.dynamodb().sequenceNumber());
        }
        shard.iterator = Optional.ofNullable(answer.get().nextShardIterator());
        shard.done = shard.iterator.isEmpty() || (settled && records.isEmpty());
        return !records.isEmpty() || shard.iterator.isEmpty();
    }

    private boolean isSettled(End stop) {
        var sourceNow = calls.clock().instant().plus(stop.sourceAhead());
        return !sourceNow.isBefore(stop.cut().plus(SETTLING));
    }

    private void keep(Record record) {
        var change = record.dynamodb();
        boolean deleted = record.eventName() == OperationType.REMOVE;
        try {
            var state = deleted ? change.keys() : change.newImage();
            var item = deleted ? Optional.<byte[]>empty() : Optional.of(ItemCodec.encode(new HashMap<>(state)));
            sorter.add(List.of(new Sorter.Entry(key.of(state), ++ordinal, item)));
        } catch (IllegalArgumentException strange) {
            throw new SourceException.Impossible(
                    "GetRecords of " + calls.about() + " gave a change that cannot be kept: " + strange.getMessage()
                            + ".",
                    strange);
        }
    }
}
