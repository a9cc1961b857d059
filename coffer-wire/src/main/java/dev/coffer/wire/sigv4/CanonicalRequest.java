package dev.coffer.wire.sigv4;

import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.WireRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text that a client signs, as every AWS service but S3 defines it: the raw path is normalised and each of its
 * segments encoded once more.
 */
final class CanonicalRequest {
    private static final Pattern SPACES = Pattern.compile(" +");

    private CanonicalRequest() {}

    /** The text; empty when the query is not percent-encoded UTF-8. */
    static Optional<String> of(WireRequest request, List<String> signedHeaders, String payloadHash) {
        return query(request.rawQuery()).map(query -> {
            var text = new StringBuilder()
                    .append(request.method())
                    .append('\n')
                    .append(path(request.rawPath()))
                    .append('\n')
                    .append(query)
                    .append('\n');
            for (String name : signedHeaders) {
                text.append(name).append(':').append(values(request, name)).append('\n');
            }
            return text.append('\n')
                    .append(String.join(";", signedHeaders))
                    .append('\n')
                    .append(payloadHash)
                    .toString();
        });
    }

    /** Dot segments are resolved, repeated slashes are one, a trailing slash stays. */
    static String path(String rawPath) {
        Deque<String> segments = new ArrayDeque<>();
        String[] parts = rawPath.split("/", -1);
        for (String part : parts) {
            switch (part) {
                case "", "." -> {}
                case ".." -> segments.pollLast();
                default -> segments.addLast(PercentCoding.encode(part));
            }
        }
        String last = parts[parts.length - 1];
        boolean slash = last.isEmpty() || last.equals(".") || last.equals("..");
        String joined = "/" + String.join("/", segments);
        return slash && !segments.isEmpty() ? joined + "/" : joined;
    }

    private static Optional<String> query(Optional<String> rawQuery) {
        record Pair(String name, String value) {}
        var pairs = new ArrayList<Pair>();
        for (String pair : rawQuery.map(raw -> raw.split("&", -1)).orElseGet(() -> new String[0])) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            Optional<String> name = PercentCoding.decode(equals < 0 ? pair : pair.substring(0, equals));
            Optional<String> value = PercentCoding.decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (name.isEmpty() || value.isEmpty()) {
                return Optional.empty();
            }
            pairs.add(new Pair(PercentCoding.encode(name.get()), PercentCoding.encode(value.get())));
        }
        pairs.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
        return Optional.of(String.join(
                "&",
                pairs.stream().map(pair -> pair.name() + "=" + pair.value()).toList()));
    }

    private static String values(WireRequest request, String name) {
        return String.join(
                ",",
                request.headers().all(name).stream()
                        .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
                        .toList());
    }
}
