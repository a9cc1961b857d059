package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.RecoveryPointReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Writes the items of a table in a recovery point as text; needs neither a server nor an endpoint.
 *
 * @param format how
 * @param keys only the items with these keys, as in the restore metadata {@code coffer:keys}
 * @param condition only the items that fulfil this, as in {@code coffer:keyCondition}; not together with keys
 */
public record TableExport(Format format, Optional<String> keys, Optional<String> condition) {
    /** A form of text. */
    public enum Format {
        /** A line for every item, <code>{"Item":{...}}</code> in the JSON of the API: the form of DynamoDB's own exports and imports. */
        JSON,
        /** A column for every attribute, the key first. Texts, numbers and Base64 are plain, other values are in the JSON of the API; an absent value is empty. */
        CSV
    }

    /**
     * Writes, and leaves the stream open.
     *
     * @return how many items
     * @throws SourceException.Impossible if the choice does not fit the table
     */
    public long write(RecoveryPointReader point, OutputStream out) throws IOException, InterruptedException {
        var table = PointTable.open(point);
        try {
            return switch (format) {
                case JSON -> json(table, out);
                case CSV -> csv(table, out);
            };
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private KeyChoice.Sieve sieve(PointTable table) {
        try {
            if (keys.isPresent()) {
                return KeyChoice.keys(keys.get()).of(table.definition().key());
            }
            return condition
                    .<KeyChoice>map(KeyChoice::condition)
                    .orElseGet(KeyChoice.All::new)
                    .of(table.definition().key());
        } catch (IllegalArgumentException wrong) {
            throw new SourceException.Impossible(
                    "The choice of items cannot be used: " + wrong.getMessage() + ".", wrong);
        }
    }

    private long json(PointTable table, OutputStream out) throws InterruptedException {
        var count = new long[1];
        table.items(sieve(table), (_, item) -> {
            count[0]++;
            var line = JsonNodeFactory.instance.objectNode();
            line.set("Item", DynamoJson.of(PointTable.decode(item)));
            print(out, line + "\n");
        });
        return count[0];
    }

    private long csv(PointTable table, OutputStream out) throws InterruptedException {
        var others = new TreeSet<String>();
        table.items(
                sieve(table), (_, item) -> others.addAll(PointTable.decode(item).keySet()));
        var columns = new LinkedHashSet<String>();
        table.definition().key().parts().forEach(part -> columns.add(part.name()));
        columns.addAll(others);
        print(out, line(List.copyOf(columns)));
        var count = new long[1];
        table.items(sieve(table), (_, item) -> {
            count[0]++;
            var values = PointTable.decode(item);
            print(
                    out,
                    line(columns.stream()
                            .map(column -> Optional.ofNullable(values.get(column))
                                    .map(DynamoJson::plain)
                                    .orElse(""))
                            .toList()));
        });
        return count[0];
    }

    /** A line of RFC 4180. */
    private static String line(List<String> values) {
        return values.stream()
                .map(value -> value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                        ? "\"" + value.replace("\"", "\"\"") + "\""
                        : value)
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    private static void print(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
