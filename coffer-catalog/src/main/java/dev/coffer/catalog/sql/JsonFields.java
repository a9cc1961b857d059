package dev.coffer.catalog.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of a JSON object that {@link JsonText} has read. One that is missing, or of another sort than it was written with, is an {@link IllegalStateException}. */
public record JsonFields(Map<String, Object> valueByName) {
    /** A text. */
    public String text(String name) {
        return present(name, maybeText(name));
    }

    /** A text that may be absent. */
    public Optional<String> maybeText(String name) {
        return value(name, String.class);
    }

    /** A whole number. */
    public long number(String name) {
        return present(name, maybeNumber(name));
    }

    /** A whole number that may be absent. */
    public Optional<Long> maybeNumber(String name) {
        return value(name, Long.class);
    }

    /** Yes or no. */
    public boolean yesNo(String name) {
        return present(name, maybeYesNo(name));
    }

    /** Yes or no, which may be absent. */
    public Optional<Boolean> maybeYesNo(String name) {
        return value(name, Boolean.class);
    }

    /** An object. */
    public JsonFields object(String name) {
        return present(name, maybeObject(name));
    }

    /** An object that may be absent. */
    public Optional<JsonFields> maybeObject(String name) {
        return value(name, Map.class).map(JsonFields::ofMap);
    }

    /** A list of objects. */
    public List<JsonFields> objects(String name) {
        return list(name).stream()
                .map(element -> ofMap(cast(name, element, Map.class)))
                .toList();
    }

    /** A list of texts. */
    public List<String> textList(String name) {
        return list(name).stream()
                .map(element -> cast(name, element, String.class))
                .toList();
    }

    /** An object whose values are texts. */
    public Map<String, String> texts(String name) {
        var texts = new LinkedHashMap<String, String>();
        object(name).valueByName().forEach((key, value) -> texts.put(key, cast(key, value, String.class)));
        return texts;
    }

    private List<?> list(String name) {
        return present(name, value(name, List.class));
    }

    private static JsonFields ofMap(Map<?, ?> map) {
        var fields = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> fields.put(String.valueOf(key), value));
        return new JsonFields(fields);
    }

    private <T> Optional<T> value(String name, Class<T> sort) {
        return Optional.ofNullable(valueByName.get(name)).map(value -> cast(name, value, sort));
    }

    private static <T> T cast(String name, Object value, Class<T> sort) {
        if (sort.isInstance(value)) {
            return sort.cast(value);
        }
        throw new IllegalStateException("The catalog holds a document whose " + name + " is of another sort.");
    }

    private static <T> T present(String name, Optional<T> value) {
        return value.orElseThrow(() -> new IllegalStateException("The catalog holds a document without " + name + "."));
    }
}
