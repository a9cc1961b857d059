package dev.coffer.catalog.access;

import dev.coffer.core.access.PolicyJson;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Reads policies with Jackson. */
public final class JacksonPolicyJson implements PolicyJson {
    private static final int DEPTH_AT_MOST = 10;

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_AT_MOST)
                    .maxNumberLength(100)
                    .build())
            .build();

    @Override
    public Object read(String text) {
        try (var in = json.createParser(ObjectReadContext.empty(), text)) {
            try {
                var first = in.nextToken();
                if (first == null) {
                    throw refused(in.currentLocation(), "it is empty");
                }
                var value = value(in, first);
                if (in.nextToken() != null) {
                    throw refused(in.currentTokenLocation(), "it goes on after its end");
                }
                return value;
            } catch (JacksonException broken) {
                throw refused(in.currentLocation(), String.valueOf(broken.getOriginalMessage()));
            }
        }
    }

    private static Object value(JsonParser in, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> in.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> number(in);
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, Object>();
                for (var next = in.nextToken(); next != JsonToken.END_OBJECT; next = in.nextToken()) {
                    object.put(in.currentName(), value(in, in.nextToken()));
                }
                yield object;
            }
            case START_ARRAY -> {
                var list = new ArrayList<Object>();
                for (var next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                    list.add(value(in, next));
                }
                yield list;
            }
            case VALUE_NULL -> throw refused(in.currentTokenLocation(), "a null says nothing");
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
                throw refused(in.currentTokenLocation(), "it is not JSON");
        };
    }

    /** A number whose digits can be written out. */
    private static Object number(JsonParser in) {
        var number = in.getDecimalValue();
        if (Math.abs((long) number.scale()) > 100) {
            throw refused(in.currentTokenLocation(), "a number is out of range");
        }
        return number;
    }

    private static Refused refused(TokenStreamLocation place, String why) {
        return new Refused(Problem.invalid("The policy is not valid JSON: line " + place.getLineNr() + ", column "
                + place.getColumnNr() + ": " + why + "."));
    }
}
