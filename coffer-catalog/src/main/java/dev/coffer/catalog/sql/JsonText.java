package dev.coffer.catalog.sql;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Maps and lists as JSON text. Holds strings, booleans, whole numbers, decimals, lists and maps with text keys. Map keys are written in order, so that equal maps have equal text. Whole numbers come back as {@code Long}
 * (or {@code BigInteger} beyond its range), decimals as {@code Double}, whatever class they had.
 */
public final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** The text of a map. */
    public static String of(Map<String, ?> map) {
        return written(map);
    }

    /** The text of a list. */
    public static String of(List<?> list) {
        return written(list);
    }

    /** The map of texts that was written. */
    public static Map<String, String> texts(String json) {
        var texts = new LinkedHashMap<String, String>();
        object(json).forEach((key, value) -> texts.put(key, text(value)));
        return texts;
    }

    /** The list of texts that was written. */
    public static List<String> textList(String json) {
        if (read(json) instanceof List<?> list) {
            return list.stream().map(JsonText::text).toList();
        }
        throw notUnderstood();
    }

    /** The map that was written. */
    public static Map<String, Object> object(String json) {
        return asObject(read(json));
    }

    /** The list of maps that was written. */
    public static List<Map<String, Object>> objectList(String json) {
        if (read(json) instanceof List<?> list) {
            return list.stream().map(JsonText::asObject).toList();
        }
        throw notUnderstood();
    }

    private static Map<String, Object> asObject(Object value) {
        if (value instanceof Map<?, ?> map) {
            var object = new LinkedHashMap<String, Object>();
            map.forEach((key, entry) -> object.put(text(key), entry));
            return object;
        }
        throw notUnderstood();
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw notUnderstood();
    }

    private static String written(Object value) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) {
        switch (value) {
            case String text -> out.writeString(text);
            case Boolean yes -> out.writeBoolean(yes);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case BigInteger number -> out.writeNumber(number);
            case BigDecimal number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case Map<?, ?> map -> {
                var ordered = new TreeMap<String, Object>();
                map.forEach((key, entry) -> ordered.put(text(key), entry));
                out.writeStartObject();
                ordered.forEach((key, entry) -> {
                    out.writeName(key);
                    write(out, entry);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(entry -> write(out, entry));
                out.writeEndArray();
            }
            default ->
                throw new IllegalStateException("A " + value.getClass().getSimpleName()
                        + " cannot be stored as JSON; text, numbers, yes and no," + " lists and maps can.");
        }
    }

    private static Object read(String json) {
        try (var in = JSON.createParser(ObjectReadContext.empty(), json)) {
            var first = in.nextToken();
            if (first == null) {
                throw notUnderstood();
            }
            return value(in, first);
        } catch (JacksonException damaged) {
            // The text may be confidential, and the parser's message quotes it: neither goes on.
            throw notUnderstood();
        }
    }

    private static Object value(JsonParser in, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> in.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_NUMBER_INT -> {
                var number = in.getBigIntegerValue();
                yield number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
            }
            case START_OBJECT -> {
                var map = new LinkedHashMap<String, Object>();
                for (var next = in.nextToken(); next != JsonToken.END_OBJECT; next = in.nextToken()) {
                    var name = in.currentName();
                    map.put(name, value(in, in.nextToken()));
                }
                yield map;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                for (var next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    list.add(value(in, next));
                }
                yield list;
            }
            case VALUE_NULL, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
                throw notUnderstood();
        };
    }

    private static IllegalStateException notUnderstood() {
        return new IllegalStateException("The catalog holds JSON of another shape than was written.");
    }
}
