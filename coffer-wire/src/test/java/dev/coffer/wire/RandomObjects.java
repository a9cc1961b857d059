package dev.coffer.wire;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Seeded SDK objects with every member set, or with a random part of them. */
public final class RandomObjects {
    private static final String[] PIECES = {
        "a",
        "B",
        "7",
        "-",
        "_",
        ".",
        "/",
        "%",
        "+",
        " ",
        "#",
        "?",
        "&",
        "=",
        ":",
        "é",
        "日",
        "\uD83D\uDE00",
        "\"",
        "\\",
        "%2F",
        "..",
        "*",
        "'",
        "(",
        "~",
        ";",
        ",",
        "\n"
    };
    private static final long LATEST_MILLIS =
            Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    private final Random random;
    private final boolean everything;

    public RandomObjects(long seed, boolean everything) {
        this.random = new Random(seed);
        this.everything = everything;
    }

    /** Fills the builder and builds it. */
    public Object fill(SdkPojo builder) {
        for (SdkField<?> field : builder.sdkFields()) {
            boolean scalar = field.location() == MarshallLocation.PATH;
            // A client makes up an absent idempotency token, so that no comparison holds.
            boolean token = field.locationName().endsWith("Token")
                    || field.locationName().endsWith("RequestId");
            if (everything || scalar || token || random.nextInt(3) > 0) {
                boolean header = field.location() == MarshallLocation.HEADER;
                // The one header is Retry-After: clients wait for no negative time.
                field.set(builder, header ? random.nextInt(1_000) : value(field, scalar));
            }
        }
        return ((Buildable) builder).build();
    }

    private Object value(SdkField<?> field, boolean label) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> text(label);
            case INTEGER -> random.nextInt();
            case LONG -> random.nextLong();
            case BOOLEAN -> random.nextBoolean();
            case INSTANT -> Instant.ofEpochMilli(random.nextLong(LATEST_MILLIS));
            case SDK_POJO -> fill(field.constructor().get());
            case LIST -> {
                var elements = new ArrayList<Object>();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    elements.add(value(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), false));
                }
                yield elements;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    entries.put(
                            text(false),
                            value(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), false));
                }
                yield entries;
            }
            case NULL, FLOAT, DOUBLE, BIG_DECIMAL, SDK_BYTES, SHORT, BYTE, DOCUMENT ->
                throw new AssertionError("a type that the protocol code does not read: " + field.memberName());
        };
    }

    private String text(boolean label) {
        var text = new StringBuilder(label ? "x" : "");
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
