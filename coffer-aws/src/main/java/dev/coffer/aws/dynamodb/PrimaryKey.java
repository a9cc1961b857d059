package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.ItemPath;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The attributes of a table's primary key. */
record PrimaryKey(Part partition, Optional<Part> sort) {
    private static final int NAME_BYTES_AT_MOST = 1000;

    /** One attribute of a key; its type is S, N or B. */
    record Part(String name, String type) {}

    List<Part> parts() {
        return sort.map(second -> List.of(partition, second)).orElseGet(() -> List.of(partition));
    }

    /**
     * The key of the item.
     *
     * @throws IllegalArgumentException if it has none
     */
    ItemKey of(Map<String, AttributeValue> item) {
        var out = new Bytes(64);
        put(out, partition, item);
        int partitionBytes = out.size();
        sort.ifPresent(part -> put(out, part, item));
        return ItemKey.of(out.copy(), partitionBytes);
    }

    /** The place of all items with the partition key. */
    long hashOf(AttributeValue value) {
        var out = new Bytes(64);
        put(out, partition, Map.of(partition.name(), value));
        return ItemKey.of(out.copy(), out.size()).hash();
    }

    private static void put(Bytes out, Part part, Map<String, AttributeValue> item) {
        var value = item.get(part.name());
        if (value == null || !value.type().name().equals(part.type())) {
            throw new IllegalArgumentException("it has no key attribute " + part.name() + " of type " + part.type());
        }
        out.putSized(
                switch (value.type()) {
                    case S -> ItemCodec.utf8(value.s());
                    case N -> canonical(value.n()).getBytes(StandardCharsets.US_ASCII);
                    case B -> value.b().asByteArrayUnsafe();
                    default -> throw new IllegalArgumentException("a key attribute is of type S, N or B");
                });
    }

    private static String canonical(String number) {
        var value = new BigDecimal(number);
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
    }

    /** The key as attributes. */
    Map<String, AttributeValue> attributes(ItemKey key) {
        var in = new Bytes.Reader(key.bytes(), 0, key.bytes().length);
        var attributes = new LinkedHashMap<String, AttributeValue>();
        for (var part : parts()) {
            var bytes = in.getSized();
            attributes.put(
                    part.name(),
                    switch (part.type()) {
                        case "S" -> AttributeValue.fromS(new String(bytes, StandardCharsets.UTF_8));
                        case "N" -> AttributeValue.fromN(new String(bytes, StandardCharsets.US_ASCII));
                        default -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes));
                    });
        }
        return attributes;
    }

    /** The key for people, in the form of a path. */
    ItemPath path(Map<String, AttributeValue> item) {
        var text = new StringBuilder();
        for (var part : parts()) {
            var value = item.get(part.name());
            text.append(text.isEmpty() ? "" : ", ").append(part.name()).append("=");
            if (value != null) {
                text.append(DynamoJson.plain(value));
            }
        }
        var shown = text.chars()
                .limit(NAME_BYTES_AT_MOST)
                .map(c -> c == '/' ? '|' : c < ' ' ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return ItemPath.of(shown);
    }
}
