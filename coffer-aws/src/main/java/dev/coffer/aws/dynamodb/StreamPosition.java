package dev.coffer.aws.dynamodb;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How far a stream was read.
 *
 * @param stream its ARN; another one after the stream was switched off and on
 * @param shards every shard that was seen and may still be there
 */
record StreamPosition(String stream, SortedMap<String, Place> shards) {
    private static final String STREAM = "Stream";
    private static final String SHARDS = "Shards";
    private static final String AFTER = "After";
    private static final String ENDED = "Ended";

    StreamPosition {
        shards = new TreeMap<>(shards);
    }

    /**
     * How far a shard was read.
     *
     * @param after the sequence number of the last record that was read; without one the shard is read from its beginning: what comes twice changes nothing
     * @param ended whether the shard is closed and read to its end
     */
    record Place(Optional<String> after, boolean ended) {}

    /** As JSON. */
    String json() {
        var json = JsonNodeFactory.instance.objectNode().put(STREAM, stream);
        var all = json.putObject(SHARDS);
        shards.forEach((id, place) -> {
            var shard = all.putObject(id);
            place.after().ifPresent(sequence -> shard.put(AFTER, sequence));
            if (place.ended()) {
                shard.put(ENDED, true);
            }
        });
        return json.toString();
    }

    /**
     * Reads what {@link #json} has written.
     *
     * @throws IllegalArgumentException if it is not that
     */
    static StreamPosition of(String json) {
        try {
            var read = DynamoJson.JSON.readTree(json);
            if (!read.path(STREAM).isString() || !read.path(SHARDS).isObject()) {
                throw new IllegalArgumentException("this is no position in a stream");
            }
            var shards = new TreeMap<String, Place>();
            read.path(SHARDS)
                    .properties()
                    .forEach(shard -> shards.put(
                            shard.getKey(),
                            new Place(
                                    Optional.of(shard.getValue().path(AFTER))
                                            .filter(after -> after.isString())
                                            .map(after -> after.stringValue()),
                                    shard.getValue().path(ENDED).asBoolean(false))));
            return new StreamPosition(read.path(STREAM).stringValue(), shards);
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("this is no position in a stream", notJson);
        }
    }
}
