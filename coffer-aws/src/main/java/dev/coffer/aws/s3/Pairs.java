package dev.coffer.aws.s3;

import java.util.Map;
import java.util.TreeMap;

/** Names with their values as one text, for an attribute: zero bytes between them, which neither a header nor a tag can hold. */
final class Pairs {
    private Pairs() {}

    static String text(Map<String, String> pairs) {
        var text = new StringBuilder();
        new TreeMap<>(pairs)
                .forEach((name, value) -> text.append(text.isEmpty() ? "" : "\0")
                        .append(name)
                        .append('\0')
                        .append(value));
        return text.toString();
    }

    static Map<String, String> of(String text) {
        var pairs = new TreeMap<String, String>();
        if (!text.isEmpty()) {
            var parts = text.split("\0", -1);
            for (int i = 0; i + 1 < parts.length; i += 2) {
                pairs.put(parts[i], parts[i + 1]);
            }
        }
        return pairs;
    }
}
