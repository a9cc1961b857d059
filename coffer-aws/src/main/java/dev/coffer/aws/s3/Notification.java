package dev.coffer.aws.s3;

import dev.coffer.aws.s3.Notification.Told.Unknown;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a message of a queue says of a bucket: an event notification of S3, an event of EventBridge, or either in the envelope of SNS. Only which key to look at is taken from it; what has become of the key, the bucket itself tells, so messages may
 * come twice, late and in any order.
 */
final class Notification {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ENVELOPES_AT_MOST = 2;

    private Notification() {}

    /** What a message tells. */
    sealed interface Told {
        /** Keys of the bucket that have changed; none for the test that S3 sends when notifications are switched on. */
        record Keys(Set<String> keys) implements Told {}

        /** It is about another bucket, or cannot be understood. */
        record Unknown() implements Told {}
    }

    static Told read(String body, String bucket) {
        return read(body, bucket, 0);
    }

    private static Told read(String body, String bucket, int envelopes) {
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (JacksonException noJson) {
            return new Unknown();
        }
        if (message.path("Records").isArray()) {
            return records(message.path("Records"), bucket);
        }
        if (message.path("source").asString("").equals("aws.s3")) {
            return one(
                    message.path("detail").path("bucket").path("name"),
                    message.path("detail").path("object").path("key").asString(""),
                    bucket);
        }
        if (message.path("Event").asString("").equals("s3:TestEvent")) {
            return message.path("Bucket").asString("").equals(bucket) ? new Told.Keys(Set.of()) : new Unknown();
        }
        return message.path("Message").isString() && envelopes < ENVELOPES_AT_MOST
                ? read(message.path("Message").stringValue(), bucket, envelopes + 1)
                : new Unknown();
    }

    private static Told records(JsonNode records, String bucket) {
        var keys = new LinkedHashSet<String>();
        for (var record : records) {
            var s3 = record.path("s3");
            String key;
            try {
                // A space is a plus there.
                key = URLDecoder.decode(s3.path("object").path("key").asString(""), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException noCoding) {
                return new Unknown();
            }
            switch (one(s3.path("bucket").path("name"), key, bucket)) {
                case Told.Keys(var named) -> keys.addAll(named);
                case Unknown() -> {
                    return new Unknown();
                }
            }
        }
        return keys.isEmpty() ? new Unknown() : new Told.Keys(keys);
    }

    private static Told one(JsonNode name, String key, String bucket) {
        boolean can = !key.isEmpty() && key.getBytes(StandardCharsets.UTF_8).length <= KeyPath.KEY_BYTES_AT_MOST;
        return can && name.asString("").equals(bucket) ? new Told.Keys(Set.of(key)) : new Unknown();
    }
}
