package dev.coffer.wire.codec;

import dev.coffer.wire.Echo;
import dev.coffer.wire.FieldPath;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.model.Shape.ListOf;
import dev.coffer.wire.model.Shape.MapOf;
import dev.coffer.wire.model.Shape.Structure;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads one JSON body into the builder of an SDK object, token by token; what no member wants is skipped unread. */
final class BodyReader {
    private static final int DEPTH_AT_MOST = 64;
    private static final int NUMBER_CHARACTERS_AT_MOST = 1_000;

    private final ServiceModel model;
    private final JsonParser parser;

    private BodyReader(ServiceModel model, JsonParser parser) {
        this.model = model;
        this.parser = parser;
    }

    /** A factory whose parsers refuse duplicate names, deep nesting and endless numbers. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_AT_MOST)
                        .maxNumberLength(NUMBER_CHARACTERS_AT_MOST)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /** Fills the builder; {@link WireException} with SerializationException when the body cannot be read. */
    static void read(JsonFactory factory, byte[] body, ServiceModel model, Optional<String> shape, SdkPojo builder) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
            try {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw wrong("The request body must be a JSON object.");
                }
                new BodyReader(model, parser).structure(builder, shape, new FieldPath.Root());
                if (parser.nextToken() != null) {
                    throw wrong("The request body goes on after its JSON object.");
                }
            } catch (JacksonException e) {
                String where = parser.streamReadContext().pathAsPointer().toString();
                throw wrong("The request body is not valid JSON"
                        + (where.isEmpty() ? "" : " at " + Echo.quoted(where))
                        + ": " + Echo.of(String.valueOf(e.getOriginalMessage())));
            }
        }
    }

    private void structure(SdkPojo builder, Optional<String> shape, FieldPath path) {
        Map<String, SdkField<?>> fields = builder.sdkFieldNameToField();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            SdkField<?> field = fields.get(name);
            if (field == null || field.location() != MarshallLocation.PAYLOAD || value == JsonToken.VALUE_NULL) {
                parser.skipChildren();
            } else {
                field.set(builder, value(field, memberShape(shape, field.memberName()), path.member(name)));
            }
        }
    }

    private Object value(SdkField<?> field, Optional<String> shape, FieldPath path) {
        return switch (field.marshallingType().getKnownType()) {
            case STRING -> text(path);
            case INTEGER -> Math.toIntExact(whole(Integer.SIZE, shape, path));
            case LONG -> whole(Long.SIZE, shape, path);
            case BOOLEAN -> truth(path);
            case INSTANT -> moment(path);
            case SDK_POJO -> {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw wrongType(path, "a JSON object");
                }
                SdkPojo builder = field.constructor().get();
                structure(builder, shape, path);
                yield ((Buildable) builder).build();
            }
            case LIST -> list(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), shape, path);
            case MAP -> map(field.getRequiredTrait(MapTrait.class).valueFieldInfo(), shape, path);
            case NULL, FLOAT, DOUBLE, BIG_DECIMAL, SDK_BYTES, SHORT, BYTE, DOCUMENT ->
                throw new IllegalStateException("no member of the model has the type of " + path.inWords());
        };
    }

    private List<Object> list(SdkField<?> element, Optional<String> shape, FieldPath path) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrongType(path, "a JSON array");
        }
        Optional<String> of = shape.flatMap(
                name -> model.shape(name) instanceof ListOf list ? Optional.of(list.of()) : Optional.<String>empty());
        var elements = new ArrayList<Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            FieldPath at = path.element(elements.size());
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                throw wrong(at.inWords() + " must not be null.");
            }
            elements.add(value(element, of, at));
        }
        return elements;
    }

    private Map<String, Object> map(SdkField<?> valueField, Optional<String> shape, FieldPath path) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrongType(path, "a JSON object");
        }
        Optional<String> of = shape.flatMap(
                name -> model.shape(name) instanceof MapOf map ? Optional.of(map.of()) : Optional.<String>empty());
        var entries = new LinkedHashMap<String, Object>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = paired(parser.currentName(), path);
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                entries.put(key, value(valueField, of, path.entry()));
            }
        }
        return entries;
    }

    private String text(FieldPath path) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(path, "a JSON string");
        }
        return paired(parser.getString(), path);
    }

    private long whole(int bits, Optional<String> shape, FieldPath path) {
        String rule = WholeNumbers.rule(model, shape, bits);
        if (!number()) {
            throw wrong(path.inWords() + " " + rule + ", not " + found() + ".");
        }
        return WholeNumbers.of(decimal(path, rule), bits)
                .orElseThrow(() -> wrong(path.inWords() + " " + rule + ", not " + Echo.of(parser.getString()) + "."));
    }

    private BigDecimal decimal(FieldPath path, String rule) {
        try {
            return parser.getDecimalValue();
        } catch (JacksonException | ArithmeticException | NumberFormatException beyond) {
            throw wrong(path.inWords() + " " + rule + ".");
        }
    }

    private boolean truth(FieldPath path) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw wrongType(path, "true or false");
        };
    }

    private Instant moment(FieldPath path) {
        String rule = "a time as epoch seconds or ISO 8601 with zone, in the years 1 to 9999";
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            return Timestamps.ofText(text)
                    .orElseThrow(() -> wrong(path.inWords() + " must be " + rule + ", not " + Echo.quoted(text) + "."));
        }
        if (!number()) {
            throw wrongType(path, rule);
        }
        return Timestamps.ofEpochSeconds(decimal(path, "must be " + rule))
                .orElseThrow(() -> wrong(path.inWords() + " must be " + rule + "."));
    }

    private boolean number() {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
    }

    /** Half a surrogate pair is not a character: it could not be stored or answered as UTF-8. */
    private static String paired(String text, FieldPath path) {
        if (Surrogates.allPaired(text)) {
            return text;
        }
        throw wrong(path.inWords() + " contains half of a surrogate pair.");
    }

    private Optional<String> memberShape(Optional<String> shape, String member) {
        if (shape.isPresent() && model.shape(shape.get()) instanceof Structure structure) {
            return Optional.ofNullable(structure.members().get(member)).map(found -> found.shape());
        }
        return Optional.empty();
    }

    private WireException wrongType(FieldPath path, String wanted) {
        return wrong(path.inWords() + " must be " + wanted + ", not " + found() + ".");
    }

    private String found() {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case null, default -> "null";
        };
    }

    private static WireException wrong(String message) {
        return new WireException(WireError.serialization(message));
    }
}
