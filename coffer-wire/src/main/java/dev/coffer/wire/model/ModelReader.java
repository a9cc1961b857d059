package dev.coffer.wire.model;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.model.ServiceModel.OperationModel;
import dev.coffer.wire.model.Shape.Bounds;
import dev.coffer.wire.model.Shape.ListOf;
import dev.coffer.wire.model.Shape.MapOf;
import dev.coffer.wire.model.Shape.Member;
import dev.coffer.wire.model.Shape.Moment;
import dev.coffer.wire.model.Shape.Place;
import dev.coffer.wire.model.Shape.Structure;
import dev.coffer.wire.model.Shape.Text;
import dev.coffer.wire.model.Shape.Truth;
import dev.coffer.wire.model.Shape.WholeNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads {@code api-model.json}. */
final class ModelReader {
    private ModelReader() {}

    static Map<String, Object> parse(byte[] json) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            return object(value(parser));
        }
    }

    static ServiceModel service(AwsService service, Map<String, Object> root) {
        Map<String, Object> model = object(root.get(service.modelKey()));
        var operations = new TreeMap<String, OperationModel>();
        object(model.get("operations")).forEach((name, raw) -> operations.put(name, operation(name, object(raw))));
        var shapes = new TreeMap<String, Shape>();
        object(model.get("shapes")).forEach((name, raw) -> shapes.put(name, shape(name, object(raw))));
        return new ServiceModel(
                service,
                text(model.get("apiVersion")),
                Collections.unmodifiableMap(operations),
                Collections.unmodifiableMap(shapes));
    }

    private static OperationModel operation(String name, Map<String, Object> raw) {
        var errors = new TreeMap<String, Integer>();
        object(raw.get("errors"))
                .forEach((type, status) ->
                        errors.put(type, Math.toIntExact(number(status).orElseThrow())));
        return new OperationModel(
                name,
                text(raw.get("method")),
                text(raw.get("uri")),
                Math.toIntExact(number(raw.get("status")).orElseThrow()),
                truth(raw.get("idempotent")),
                Collections.unmodifiableMap(errors),
                optionalText(raw.get("input")),
                optionalText(raw.get("output")));
    }

    private static Shape shape(String name, Map<String, Object> raw) {
        boolean sensitive = truth(raw.get("sensitive"));
        String type = text(raw.get("type"));
        return switch (type) {
            case "structure" -> structure(name, raw);
            case "list" -> new ListOf(name, text(raw.get("of")), bounds(raw), sensitive);
            case "map" -> new MapOf(name, text(raw.get("key")), text(raw.get("of")), sensitive);
            case "string" ->
                new Text(
                        name,
                        bounds(raw),
                        optionalText(raw.get("pattern")).map(pattern -> Pattern.compile(pattern, Pattern.DOTALL)),
                        texts(raw.get("enum")),
                        sensitive);
            case "integer" -> new WholeNumber(name, Integer.SIZE, bounds(raw));
            case "long" -> new WholeNumber(name, Long.SIZE, bounds(raw));
            case "boolean" -> new Truth(name);
            case "timestamp" -> new Moment(name);
            default -> throw new IllegalStateException("unknown shape type " + type + " of " + name);
        };
    }

    private static Structure structure(String name, Map<String, Object> raw) {
        var members = new TreeMap<String, Member>();
        object(raw.get("members")).forEach((member, value) -> {
            Map<String, Object> parts = object(value);
            members.put(
                    member,
                    new Member(
                            member,
                            text(parts.get("shape")),
                            place(optionalText(parts.get("in"))),
                            optionalText(parts.get("name")).orElse(member),
                            truth(parts.get("token"))));
        });
        return new Structure(
                name,
                Collections.unmodifiableMap(members),
                Collections.unmodifiableSet(new LinkedHashSet<>(texts(raw.get("required")))),
                truth(raw.get("error")),
                truth(raw.get("union")));
    }

    private static Place place(Optional<String> in) {
        return switch (in.orElse("body")) {
            case "body" -> Place.BODY;
            case "uri" -> Place.URI;
            case "querystring" -> Place.QUERY;
            case "header" -> Place.HEADER;
            default -> throw new IllegalStateException("unknown place " + in);
        };
    }

    private static Bounds bounds(Map<String, Object> raw) {
        return new Bounds(number(raw.get("min")), number(raw.get("max")));
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case JsonToken.START_OBJECT -> {
                var members = new TreeMap<String, Object>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    Object value = value(parser);
                    if (value != null) {
                        members.put(name, value);
                    }
                }
                yield members;
            }
            case JsonToken.START_ARRAY -> {
                var elements = new ArrayList<@Nullable Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            case JsonToken.VALUE_STRING -> parser.getString();
            case JsonToken.VALUE_NUMBER_INT -> parser.getLongValue();
            case JsonToken.VALUE_TRUE -> true;
            case JsonToken.VALUE_FALSE -> false;
            case JsonToken.VALUE_NULL -> null;
            case null, default -> throw new IllegalStateException("unexpected token in the API model");
        };
    }

    private static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            var members = new TreeMap<String, Object>();
            map.forEach((name, member) -> members.put((String) name, member));
            return members;
        }
        throw new IllegalStateException("not an object in the API model: " + value);
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(ModelReader::text).toList()
                : List.of();
    }

    private static String text(@Nullable Object value) {
        return optionalText(value).orElseThrow(() -> new IllegalStateException("no text in the API model: " + value));
    }

    private static Optional<String> optionalText(@Nullable Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static OptionalLong number(@Nullable Object value) {
        return value instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
    }

    private static boolean truth(@Nullable Object value) {
        return Boolean.TRUE.equals(value);
    }
}
