package dev.coffer.aws.dynamodb;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Items in the JSON of the API, in which every value names its type: <code>{"id":{"S":"a"}}</code>. */
final class DynamoJson {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private DynamoJson() {}

    /** The item as JSON, its attributes in the order of their names. */
    static ObjectNode of(Map<String, AttributeValue> item) {
        var object = NODES.objectNode();
        new TreeMap<>(item).forEach((name, value) -> object.set(name, of(value)));
        return object;
    }

    private static ObjectNode of(AttributeValue value) {
        var object = NODES.objectNode();
        switch (value.type()) {
            case S -> object.put("S", value.s());
            case N -> object.put("N", value.n());
            case B -> object.put("B", base64(value.b()));
            case BOOL -> object.put("BOOL", value.bool());
            case NUL -> object.put("NULL", true);
            case M -> object.set("M", of(value.m()));
            case L -> object.set("L", array(value.l(), DynamoJson::of));
            case SS -> object.set("SS", array(value.ss(), NODES::stringNode));
            case NS -> object.set("NS", array(value.ns(), NODES::stringNode));
            case BS -> object.set("BS", array(value.bs(), bytes -> NODES.stringNode(base64(bytes))));
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("a value of unknown type");
        }
        return object;
    }

    private static <T> ArrayNode array(List<T> members, Function<T, JsonNode> json) {
        var array = NODES.arrayNode();
        members.forEach(member -> array.add(json.apply(member)));
        return array;
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
    }

    /** The value as short as can be, for a table or a message: text and number as they are, anything else as JSON. */
    static String plain(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> value.n();
            case B -> base64(value.b());
            case BOOL -> String.valueOf(value.bool());
            case NUL -> "null";
            default -> JSON.writeValueAsString(of(value));
        };
    }

    /**
     * The item of the JSON.
     *
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    static Map<String, AttributeValue> item(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("an item is a JSON object of names and values");
        }
        var item = new LinkedHashMap<String, AttributeValue>();
        json.properties().forEach(entry -> item.put(entry.getKey(), value(entry.getValue())));
        return item;
    }

    /** The value of the JSON, as {@link #item}. */
    static AttributeValue value(JsonNode json) {
        if (json.isObject() && json.size() == 1) {
            var entry = json.properties().iterator().next();
            var node = entry.getValue();
            switch (entry.getKey()) {
                case "S" -> {
                    return AttributeValue.fromS(text(node));
                }
                case "N" -> {
                    return AttributeValue.fromN(number(node));
                }
                case "B" -> {
                    return AttributeValue.fromB(bytes(node));
                }
                case "BOOL" -> {
                    return AttributeValue.fromBool(node.asBoolean());
                }
                case "NULL" -> {
                    return AttributeValue.fromNul(true);
                }
                case "M" -> {
                    return AttributeValue.fromM(item(node));
                }
                case "L" -> {
                    return AttributeValue.fromL(members(node, DynamoJson::value));
                }
                case "SS" -> {
                    return AttributeValue.fromSs(members(node, DynamoJson::text));
                }
                case "NS" -> {
                    return AttributeValue.fromNs(members(node, DynamoJson::number));
                }
                case "BS" -> {
                    return AttributeValue.fromBs(members(node, DynamoJson::bytes));
                }
                default -> {
                    // Refused below.
                }
            }
        }
        throw new IllegalArgumentException("a value names its type, for example {\"S\":\"a\"} or {\"N\":\"1\"}");
    }

    private static <T> List<T> members(JsonNode node, Function<JsonNode, T> read) {
        var members = new ArrayList<T>();
        node.forEach(member -> members.add(read.apply(member)));
        return members;
    }

    private static String text(JsonNode node) {
        if (node.isString()) {
            return node.stringValue();
        }
        throw new IllegalArgumentException("a value of type S, N or B is a JSON string");
    }

    private static String number(JsonNode node) {
        try {
            return new java.math.BigDecimal(text(node)).signum() == 0 ? "0" : text(node);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException("a value of type N is a number in a JSON string", none);
        }
    }

    private static SdkBytes bytes(JsonNode node) {
        return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(text(node)));
    }
}
