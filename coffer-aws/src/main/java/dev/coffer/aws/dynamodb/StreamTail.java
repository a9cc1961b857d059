package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.task.TaskGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/**
 * Follows the stream of a table from {@link #openAtEnd} or {@link #openAt} on until all that was written before a given moment has come. The order of the changes of a key is that of the stream: within a shard that of its sequence
 * numbers, and a shard is read after the one that it came from. Times of records only say where to stop.
 *
 * <p>{@link #endAt} may be called by any thread, all else by one after the other.
 */
final class StreamTail {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_SHARDS = Duration.ofSeconds(10);
    /** How long after a write its record may come. */
    static final Duration SETTLING = Duration.ofSeconds(2);
    /** How long a stream may go on to have more than can be read. */
    private static final Duration LONGEST = Duration.ofMinutes(15);
    /** An answer without records may come in the middle of a shard, too; after so many in a row its end is reached. */
    private static final int EMPTY_ANSWERS = 4;

    private static final int READ_AT_ONCE = 8;

    private final Calls calls;
    private final PrimaryKey key;
    private final Target target;
    private final String stream;
    private final StreamReader reader;
    private final Map<String, Followed> shards = new LinkedHashMap<>();
    private Instant lookedAt = Instant.MIN;
    private Instant progressAt = Instant.MIN;
    private Optional<End> end = Optional.empty();

    /**
     * A state that a key got.
     *
     * @param item empty if the item was deleted
     * @param at when, as the source says; cut to the second or the minute
     */
    record Change(ItemKey key, Optional<byte[]> item, Optional<Instant> at) {}

    /** Takes changes, from several threads; those of one key in their order. */
    interface Target {
        void accept(List<Change> changes) throws InterruptedException;
    }

    /** Not all changes are there any more. */
    static final class Gap extends RuntimeException {
        private final String why;

        /** @param why completes "since " */
        Gap(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /**
     * Where to stop.
     *
     * @param cut by the clock of the source
     * @param sourceAhead how far that clock is ahead of ours
     */
    private record End(Instant cut, Duration sourceAhead) {}

    /** A shard and how far it is read. Of one thread at a time. */
    private static final class Followed {
        private final Optional<String> parent;
        private final boolean fromItsEnd;
        private Optional<String> iterator = Optional.empty();
        private Optional<String> sequence = Optional.empty();
        private int emptyAnswers;
        /** Nothing more is wanted from it now. */
        private boolean done;
        /** It is closed, and all was read. */
        private boolean ended;

        private Followed(Optional<String> parent, boolean fromItsEnd) {
            this.parent = parent;
            this.fromItsEnd = fromItsEnd;
        }

        private void end() {
            ended = true;
            done = true;
        }
    }

    StreamTail(Clients clients, Calls calls, PrimaryKey key, String stream, Target target) {
        this.reader = new StreamReader(clients, calls, stream);
        this.calls = calls;
        this.key = key;
        this.stream = stream;
        this.target = target;
    }

    /** Marks the present end of the stream; all that is written from now on will be followed. */
    void openAtEnd() throws InterruptedException {
        for (var shard : reader.list()) {
            var followed = new Followed(Optional.ofNullable(shard.parentShardId()), true);
            if (isClosed(shard)) {
                followed.end();
            } else {
                followed.iterator =
                        Optional.of(reader.iterator(shard.shardId(), ShardIteratorType.LATEST, Optional.empty()));
            }
            shards.put(shard.shardId(), followed);
        }
        lookedAt = calls.clock().instant();
    }

    /** Begins where a reader before stopped. */
    void openAt(StreamPosition position) throws InterruptedException {
        var listed = new HashSet<String>();
        for (var shard : reader.list()) {
            listed.add(shard.shardId());
            var followed = new Followed(Optional.ofNullable(shard.parentShardId()), false);
            var place = Optional.ofNullable(position.shards().get(shard.shardId()));
            followed.sequence = place.flatMap(StreamPosition.Place::after);
            if (place.filter(StreamPosition.Place::ended).isPresent()) {
                followed.end();
            }
            shards.put(shard.shardId(), followed);
        }
        position.shards().forEach((id, place) -> {
            if (!place.ended() && !listed.contains(id)) {
                throw StreamReader.trimmed();
            }
        });
        lookedAt = calls.clock().instant();
    }

    /** How far all was read. */
    StreamPosition position() {
        var places = new TreeMap<String, StreamPosition.Place>();
        shards.forEach((id, shard) -> places.put(id, new StreamPosition.Place(shard.sequence, shard.ended)));
        return new StreamPosition(stream, places);
    }

    private static boolean isClosed(Shard shard) {
        return shard.sequenceNumberRange() != null
                && shard.sequenceNumberRange().endingSequenceNumber() != null;
    }

    /** Tells that all written before the moment is wanted, and no more than what comes with it. */
    synchronized void endAt(Instant cut, Duration sourceAhead) {
        end = Optional.of(new End(cut, sourceAhead));
    }

    private synchronized Optional<End> end() {
        return end;
    }

    /** Returns when the end was told and everything before it was taken; Gap if that cannot be. */
    void follow() throws InterruptedException {
        progressAt = calls.clock().instant();
        while (true) {
            var stop = end();
            if (Duration.between(lookedAt, calls.clock().instant()).compareTo(LOOK_FOR_SHARDS) >= 0) {
                findShards();
            }
            boolean more = readAll(stop);
            if (stop.isPresent()) {
                if (shards.values().stream().allMatch(shard -> shard.done)) {
                    int known = shards.size();
                    findShards();
                    if (shards.size() == known) {
                        return;
                    }
                    continue;
                }
                if (calls.clock().instant().isAfter(progressAt.plus(LONGEST))) {
                    throw new SourceException.Impossible("The stream of " + calls.about()
                            + " could not be read to its end in " + LONGEST.toMinutes() + " minutes.");
                }
            } else {
                progressAt = calls.clock().instant();
            }
            if (!more) {
                calls.pause(POLL);
            }
        }
    }

    /** Reads each shard that may be read once, and those that came from one that ends now too; true if there may be more at once. */
    private boolean readAll(Optional<End> stop) throws InterruptedException {
        boolean more = false;
        var begun = new HashSet<String>();
        while (true) {
            var ready = new ArrayList<Map.Entry<String, Followed>>();
            for (var entry : List.copyOf(shards.entrySet())) {
                var shard = entry.getValue();
                if (!shard.done && !begun.contains(entry.getKey()) && mayBegin(entry.getKey(), shard)) {
                    ready.add(entry);
                    begun.add(entry.getKey());
                }
            }
            if (ready.isEmpty()) {
                return more;
            }
            more |= read(ready, stop);
        }
    }

    private boolean read(List<Map.Entry<String, Followed>> ready, Optional<End> stop) throws InterruptedException {
        if (ready.size() == 1) {
            return read(ready.getFirst().getKey(), ready.getFirst().getValue(), stop);
        }
        var atOnce = new Semaphore(READ_AT_ONCE);
        try (var group = new TaskGroup<Boolean>("shards")) {
            for (var entry : ready) {
                group.fork(() -> {
                    atOnce.acquire();
                    try {
                        return read(entry.getKey(), entry.getValue(), stop);
                    } finally {
                        atOnce.release();
                    }
                });
            }
            return group.join().contains(true);
        }
    }

    private void findShards() throws InterruptedException {
        var listed = new HashSet<String>();
        for (var shard : reader.list()) {
            listed.add(shard.shardId());
            shards.computeIfAbsent(
                    shard.shardId(), _ -> new Followed(Optional.ofNullable(shard.parentShardId()), false));
        }
        // What is dropped and was read to its end need not be remembered.
        shards.entrySet().removeIf(entry -> entry.getValue().ended && !listed.contains(entry.getKey()));
        lookedAt = calls.clock().instant();
    }

    /** A shard that is new begins when the one that it came from is read; what is in it was written after that. */
    private boolean mayBegin(String id, Followed shard) throws InterruptedException {
        if (shard.iterator.isPresent()) {
            return true;
        }
        var parent = shard.parent.map(shards::get);
        if (parent.isPresent() && !parent.get().ended) {
            if (!parent.get().done) {
                return false;
            }
            // Nothing before the end is left in the parent, so all of this one is behind it.
            shard.done = true;
            return false;
        }
        shard.iterator = Optional.of(
                shard.sequence.isPresent()
                        ? reader.iterator(id, ShardIteratorType.AFTER_SEQUENCE_NUMBER, shard.sequence)
                        : reader.iterator(id, ShardIteratorType.TRIM_HORIZON, Optional.empty()));
        return true;
    }

    /** Reads on; true if there may be more at once. */
    private boolean read(String id, Followed shard, Optional<End> stop) throws InterruptedException {
        // Asked before the call: an answer without records then says that nothing from before was left.
        boolean settled = stop.isPresent() && isSettled(stop.get());
        var from = shard.iterator.orElseThrow();
        var answer = reader.records(from);
        if (answer.isEmpty()) {
            if (shard.sequence.isEmpty() && shard.fromItsEnd) {
                throw new Gap("the place in its stream was lost, as it was not read for too long");
            }
            shard.iterator = Optional.empty();
            return mayBegin(id, shard);
        }
        var records = answer.get().records();
        var changes = new ArrayList<Change>(records.size());
        for (var record : records) {
            var at = record.dynamodb().approximateCreationDateTime();
            if (stop.isPresent()
                    && (at == null ? settled : !at.isBefore(stop.get().cut()))) {
                shard.done = true;
                break;
            }
            changes.add(change(record));
            shard.sequence = Optional.of(record.dynamodb().sequenceNumber());
        }
        if (!changes.isEmpty()) {
            target.accept(changes);
            progressed();
        }
        if (shard.done) {
            return true;
        }
        shard.emptyAnswers = records.isEmpty() ? shard.emptyAnswers + 1 : 0;
        shard.iterator = Optional.ofNullable(answer.get().nextShardIterator());
        if (shard.iterator.isEmpty()) {
            shard.end();
            return true;
        }
        shard.done = settled && shard.emptyAnswers >= (shard.fromItsEnd ? 1 : EMPTY_ANSWERS);
        return !records.isEmpty();
    }

    private synchronized void progressed() {
        progressAt = calls.clock().instant();
    }

    private boolean isSettled(End stop) {
        var sourceNow = calls.clock().instant().plus(stop.sourceAhead());
        return !sourceNow.isBefore(stop.cut().plus(SETTLING));
    }

    private Change change(Record record) {
        var change = record.dynamodb();
        boolean deleted = record.eventName() == OperationType.REMOVE;
        try {
            var state = deleted ? change.keys() : change.newImage();
            var item = deleted ? Optional.<byte[]>empty() : Optional.of(ItemCodec.encode(new HashMap<>(state)));
            return new Change(key.of(state), item, Optional.ofNullable(change.approximateCreationDateTime()));
        } catch (IllegalArgumentException strange) {
            throw new SourceException.Impossible(
                    "GetRecords of " + calls.about() + " gave a change that cannot be kept: " + strange.getMessage()
                            + ".",
                    strange);
        }
    }
}
