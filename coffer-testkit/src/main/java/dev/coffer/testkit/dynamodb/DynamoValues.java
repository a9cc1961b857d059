package dev.coffer.testkit.dynamodb;

import java.math.BigDecimal;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values as the service stores them: numbers without needless zeros, and none that it would refuse. */
final class DynamoValues {
    private static final int DIGITS_AT_MOST = 38;
    private static final int ITEM_BYTES_AT_MOST = 400 * 1024;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private DynamoValues() {}

    static ObjectNode item(JsonNode item) {
        var stored = map(item);
        if (size(stored) > ITEM_BYTES_AT_MOST) {
            throw DynamoError.of("ValidationException", "Item size has exceeded the maximum allowed size");
        }
        return stored;
    }

    private static ObjectNode map(JsonNode map) {
        var stored = NODES.objectNode();
        var names = new TreeSet<String>(map.propertyNames());
        names.forEach(name -> stored.set(name, value(map.get(name))));
        return stored;
    }

    private static JsonNode value(JsonNode value) {
        if (value.size() != 1) {
            throw DynamoError.of("ValidationException", "Supplied AttributeValue is empty or has several types");
        }
        var entry = value.properties().iterator().next();
        var node = entry.getValue();
        var stored = NODES.objectNode();
        switch (entry.getKey()) {
            case "S", "B" -> stored.put(entry.getKey(), node.stringValue());
            case "N" -> stored.put("N", number(node.stringValue()));
            case "BOOL", "NULL" -> stored.put(entry.getKey(), node.booleanValue());
            case "M" -> stored.set("M", map(node));
            case "L" -> {
                var list = stored.putArray("L");
                node.forEach(member -> list.add(value(member)));
            }
            case "SS", "BS", "NS" -> {
                var members = new TreeSet<String>();
                node.forEach(member ->
                        members.add(entry.getKey().equals("NS") ? number(member.stringValue()) : member.stringValue()));
                if (members.isEmpty() || members.size() != node.size()) {
                    throw DynamoError.of("ValidationException", "A set is empty or holds a member twice");
                }
                var set = stored.putArray(entry.getKey());
                members.forEach(set::add);
            }
            default -> throw DynamoError.of("ValidationException", "Unknown type " + entry.getKey());
        }
        return stored;
    }

    static String number(String text) {
        try {
            var value = new BigDecimal(text);
            if (value.signum() == 0) {
                return "0";
            }
            var plain = value.stripTrailingZeros();
            if (plain.precision() > DIGITS_AT_MOST) {
                throw DynamoError.of(
                        "ValidationException", "Attempting to store more than 38 significant digits in a Number");
            }
            return plain.toPlainString();
        } catch (NumberFormatException none) {
            throw DynamoError.of("ValidationException", "The parameter cannot be converted to a numeric value");
        }
    }

    static int size(JsonNode item) {
        return item.toString().length();
    }
}
