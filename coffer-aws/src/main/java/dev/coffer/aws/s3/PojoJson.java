package dev.coffer.aws.s3;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Shapes of the SDK as JSON with the member names of the API, the form that the AWS CLI prints and takes. */
final class PojoJson {
    private static final int DEEPEST = 50;

    private PojoJson() {}

    /** The shape's members that are there; empty if there are none. */
    static Optional<String> text(SdkPojo pojo) {
        var text = new StringWriter();
        boolean any;
        try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            any = write(json, pojo, true);
        }
        return any ? Optional.of(text.toString()) : Optional.empty();
    }

    /**
     * @param top whether members that are shapes without anything are left out: an endpoint that does not know a setting answers something else, which the SDK reads as an empty one. Further down, empty shapes have a meaning
     */
    private static boolean write(JsonGenerator json, SdkPojo pojo, boolean top) {
        boolean any = false;
        json.writeStartObject();
        for (SdkField<?> field : pojo.sdkFields()) {
            var value = field.getValueOrDefault(pojo);
            if (value != null && !isEmpty(value) && !(top && value instanceof SdkPojo shape && isBlank(shape))) {
                json.writeName(field.memberName());
                writeValue(json, value);
                any = true;
            }
        }
        json.writeEndObject();
        return any;
    }

    private static boolean isEmpty(Object value) {
        // Lists and maps that were never set look like empty ones.
        return (value instanceof List<?> list && list.isEmpty()) || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static boolean isBlank(SdkPojo shape) {
        return shape.sdkFields().stream()
                .map(field -> field.getValueOrDefault(shape))
                .allMatch(value -> value == null || isEmpty(value));
    }

    private static void writeValue(JsonGenerator json, Object value) {
        switch (value) {
            case SdkPojo pojo -> write(json, pojo, false);
            case List<?> list -> {
                json.writeStartArray();
                list.forEach(each -> writeValue(json, each));
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                map.forEach((key, each) -> {
                    json.writeName(String.valueOf(key));
                    writeValue(json, each);
                });
                json.writeEndObject();
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }

    /**
     * Fills a builder of the SDK from such a text. Members that the shape does not have are left out.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    static <B extends SdkPojo> B fill(B builder, String text) {
        try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            if (!(read(parser, 0) instanceof Map<?, ?> members)) {
                throw new IllegalArgumentException("not an object");
            }
            fill(builder, members);
            return builder;
        } catch (JacksonException broken) {
            throw new IllegalArgumentException("not JSON", broken);
        }
    }

    private static void fill(SdkPojo builder, Map<?, ?> members) {
        for (SdkField<?> field : builder.sdkFields()) {
            var value = members.get(field.memberName());
            if (value != null) {
                field.set(builder, value(field, value));
            }
        }
    }

    private static @Nullable Object value(SdkField<?> field, Object value) {
        if (MarshallingType.SDK_POJO.equals(field.marshallingType()) && value instanceof Map<?, ?> members) {
            var builder = field.constructor().get();
            fill(builder, members);
            return ((Buildable) builder).build();
        }
        if (MarshallingType.LIST.equals(field.marshallingType()) && value instanceof List<?> list) {
            var member = field.getTrait(ListTrait.class).memberFieldInfo();
            return list.stream().map(each -> value(member, each)).toList();
        }
        if (MarshallingType.MAP.equals(field.marshallingType()) && value instanceof Map<?, ?> map) {
            var member = field.getTrait(MapTrait.class).valueFieldInfo();
            var made = new LinkedHashMap<String, @Nullable Object>();
            map.forEach((key, each) -> made.put(String.valueOf(key), value(member, each)));
            return made;
        }
        var text = String.valueOf(value);
        var type = field.marshallingType();
        if (MarshallingType.BOOLEAN.equals(type)) {
            return Boolean.valueOf(text);
        }
        if (MarshallingType.INTEGER.equals(type)) {
            return new BigDecimal(text).intValueExact();
        }
        if (MarshallingType.LONG.equals(type)) {
            return new BigDecimal(text).longValueExact();
        }
        if (MarshallingType.INSTANT.equals(type)) {
            return Instant.parse(text);
        }
        return text;
    }

    private static Object read(JsonParser parser, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("too deep");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var members = new LinkedHashMap<String, Object>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    var name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(parser, depth + 1));
                }
                yield members;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser, depth + 1));
                }
                yield list;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getString();
            case VALUE_NULL -> "";
            case null -> throw new IllegalArgumentException("the text ends early");
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalArgumentException("not JSON");
        };
    }
}
