package dev.coffer.bench.dynamodb;

import java.util.Base64;
import java.util.Random;

/** Items of several attributes, the same for the same number; half of their bytes are words, half cannot be compressed. */
final class MadeItems {
    private static final int WORDS = 5000;
    private static final int TEXT_BYTES = 1 << 20;

    private final int bytes;
    private final String text;

    MadeItems(int bytes) {
        this.bytes = bytes;
        var random = new Random(1);
        var words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            var word = new StringBuilder();
            for (int length = 3 + random.nextInt(7); length > 0; length--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            words[i] = word.toString();
        }
        var all = new StringBuilder();
        while (all.length() < TEXT_BYTES) {
            all.append(words[random.nextInt(WORDS)]).append(' ');
        }
        text = all.toString();
    }

    /** A table for them, as CreateTable has it. */
    static String table(String name, boolean stream) {
        return """
            {"TableName":"%s","BillingMode":"PAY_PER_REQUEST",
             "AttributeDefinitions":[{"AttributeName":"customer","AttributeType":"S"},{"AttributeName":"number","AttributeType":"N"}],
             "KeySchema":[{"AttributeName":"customer","KeyType":"HASH"},{"AttributeName":"number","KeyType":"RANGE"}]%s}\
            """.formatted(
                name,
                stream ? ",\"StreamSpecification\":{\"StreamEnabled\":true,\"StreamViewType\":\"NEW_IMAGE\"}" : "");
    }

    /** An item in the JSON of the API. */
    String item(int number) {
        var random = new Random(number);
        int half = bytes / 2;
        int at = random.nextInt(text.length() - half);
        var noise = new byte[half];
        random.nextBytes(noise);
        return """
            {"customer":{"S":"customer-%07d"},"number":{"N":"%d"},"state":{"S":"open"},"paid":{"BOOL":true},"amount":{"N":"%d.99"},
             "address":{"M":{"street":{"S":"Long Road"},"city":{"S":"Somewhere"}}},"tags":{"SS":["a","b","c"]},
             "note":{"S":"%s"},"scan":{"B":"%s"}}\
            """.formatted(
                        number / 10,
                        number,
                        random.nextInt(10_000),
                        text.substring(at, at + half),
                        Base64.getEncoder().encodeToString(noise));
    }
}
