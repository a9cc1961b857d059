package dev.coffer.wire.query;

import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of a request, from the form in its body.
 *
 * @param valueByName sorted by name
 */
public record QueryForm(Map<String, String> valueByName) {
    private static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

    /**
     * Reads a form.
     *
     * @throws WireException when it is not percent-encoded UTF-8 or has a parameter twice
     */
    public static QueryForm parse(byte[] body) {
        var valueByName = new TreeMap<String, String>();
        for (var pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            if (valueByName.put(name, decoded(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
                throw malformed("A parameter is given more than once.");
            }
        }
        return new QueryForm(valueByName);
    }

    /** Whether the request has a form as its body: its client speaks the query protocol and reads answers in XML only, whatever service it means. */
    public static boolean isOne(WireRequest request) {
        return request.headers()
                .first("content-type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith(CONTENT_TYPE))
                .isPresent();
    }

    /** The value of a parameter. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(valueByName.get(name));
    }

    /** Whether there is a parameter whose name begins so, as those of lists do. */
    public boolean hasAny(String prefix) {
        return valueByName.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static String decoded(String text) {
        return PercentCoding.decode(text.replace('+', ' '))
                .orElseThrow(() -> malformed("The form is not percent-encoded UTF-8."));
    }

    private static WireException malformed(String message) {
        return new WireException(WireError.of("MalformedQueryString", 400, message));
    }
}
