package dev.coffer.testkit.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One table: items in the order of a digest of their partition keys, and the shards of its stream. The lock is that of the tables. */
final class DynamoTable {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    final String name;
    final ObjectNode settings;
    final TreeMap<String, ObjectNode> items = new TreeMap<>();
    /** Of the items, by their places. */
    final Map<String, Integer> sizes = new HashMap<>();

    final SortedMap<String, String> tags = new TreeMap<>();
    final List<Shard> shards = new ArrayList<>();
    final String partition;
    final Optional<String> sort;
    Optional<String> timeToLive = Optional.empty();
    Optional<Integer> recoveryDays = Optional.empty();
    Optional<String> stream = Optional.empty();
    private long sequence = 100_000;
    private int shardsMade;

    /** A part of a stream. */
    static final class Shard {
        final String id;
        final Optional<String> parent;
        final List<ObjectNode> records = new ArrayList<>();
        boolean closed;
        /** How many records were dropped. */
        int trimmed;

        void trim() {
            trimmed += records.size();
            records.clear();
        }

        Shard(String id, Optional<String> parent) {
            this.id = id;
            this.parent = parent;
        }
    }

    DynamoTable(String name, ObjectNode settings) {
        this.name = name;
        this.settings = settings;
        String first = "";
        Optional<String> second = Optional.empty();
        for (var part : settings.path("KeySchema")) {
            var attribute = part.path("AttributeName").asString();
            if (part.path("KeyType").asString().equals("HASH")) {
                first = attribute;
            } else {
                second = Optional.of(attribute);
            }
        }
        partition = first;
        sort = second;
    }

    String type(String attribute) {
        for (var definition : settings.path("AttributeDefinitions")) {
            if (definition.path("AttributeName").asString().equals(attribute)) {
                return definition.path("AttributeType").asString();
            }
        }
        throw DynamoError.of("ValidationException", "An attribute of a key is not defined: " + attribute);
    }

    /** The key of an item, as attributes. */
    ObjectNode key(JsonNode item) {
        var key = NODES.objectNode();
        put(key, partition, item);
        sort.ifPresent(attribute -> put(key, attribute, item));
        return key;
    }

    private void put(ObjectNode key, String attribute, JsonNode item) {
        var value = item.path(attribute);
        if (!value.has(type(attribute))) {
            throw DynamoError.of(
                    "ValidationException",
                    "One of the required keys was not given a value, or one of another type: " + attribute);
        }
        key.set(attribute, value);
    }

    /** The place of an item: sorts by the digest of its partition key. */
    String place(JsonNode item) {
        var key = key(item);
        return digest(key.get(partition).toString()) + " " + key;
    }

    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void put(ObjectNode item, Instant now) {
        var place = place(item);
        var before = items.put(place, item);
        sizes.put(place, DynamoValues.size(item));
        if (!item.equals(before)) {
            record(before == null ? "INSERT" : "MODIFY", item, Optional.of(item), now);
        }
    }

    void delete(JsonNode key, Instant now) {
        var before = items.remove(place(key));
        sizes.remove(place(key));
        if (before != null) {
            record("REMOVE", before, Optional.empty(), now);
        }
    }

    private void record(String event, ObjectNode item, Optional<ObjectNode> image, Instant now) {
        if (stream.isEmpty()) {
            return;
        }
        var open = shards.stream().filter(shard -> !shard.closed).toList();
        // Each key stays with one of the shards that are open.
        var shard = open.get(Math.floorMod(key(item).get(partition).hashCode(), open.size()));
        var change = NODES.objectNode();
        change.put("ApproximateCreationDateTime", now.getEpochSecond());
        change.set("Keys", key(item));
        if (settings.path("StreamSpecification")
                .path("StreamViewType")
                .asString("")
                .startsWith("NEW_")) {
            image.ifPresent(state -> change.set("NewImage", state));
        }
        change.put("SequenceNumber", String.valueOf(++sequence));
        change.put(
                "StreamViewType",
                settings.path("StreamSpecification").path("StreamViewType").asString());
        var record = NODES.objectNode().put("eventID", "e" + sequence).put("eventName", event);
        record.set("dynamodb", change);
        shard.records.add(record);
    }

    void switchStreamOn(String arn) {
        stream = Optional.of(arn);
        shards.clear();
        shards.add(new Shard("shardId-0", Optional.empty()));
    }

    /** Closes the shards and goes on in two new ones that came from the first, for each. */
    void split() {
        for (var shard : List.copyOf(shards)) {
            if (!shard.closed) {
                shard.closed = true;
                shards.add(new Shard("shardId-" + ++shardsMade, Optional.of(shard.id)));
                shards.add(new Shard("shardId-" + ++shardsMade, Optional.of(shard.id)));
            }
        }
    }

    void trim() {
        shards.removeIf(shard -> shard.closed);
        shards.forEach(Shard::trim);
    }

    Shard shard(String id) {
        return shards.stream()
                .filter(shard -> shard.id.equals(id))
                .findFirst()
                .orElseThrow(() -> DynamoError.of("ResourceNotFoundException", "no shard " + id));
    }
}
