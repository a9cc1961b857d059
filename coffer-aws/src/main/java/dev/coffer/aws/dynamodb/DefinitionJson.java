package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.TableDefinition.Encryption;
import dev.coffer.aws.dynamodb.TableDefinition.Index;
import dev.coffer.aws.dynamodb.TableDefinition.KeyPart;
import dev.coffer.aws.dynamodb.TableDefinition.Throughput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A definition as the JSON in {@code table.json} of a point, by the names of the API. The same definition has the same bytes. */
final class DefinitionJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private DefinitionJson() {}

    static byte[] write(TableDefinition table) {
        var json = NODES.objectNode();
        json.put("TableName", table.name());
        json.set(
                "KeySchema",
                array(
                        table.key().parts(),
                        part -> NODES.objectNode()
                                .put("AttributeName", part.name())
                                .put("KeyType", part.equals(table.key().partition()) ? "HASH" : "RANGE")));
        json.set("AttributeTypes", texts(table.types()));
        table.provisioned().ifPresent(units -> json.set("ProvisionedThroughput", units(units)));
        table.most().ifPresent(units -> json.set("OnDemandThroughput", units(units)));
        json.set("GlobalSecondaryIndexes", array(table.globalIndexes(), DefinitionJson::index));
        json.set("LocalSecondaryIndexes", array(table.localIndexes(), DefinitionJson::index));
        table.streamView().ifPresent(view -> json.put("StreamViewType", view));
        table.encryption().ifPresent(encryption -> {
            var object = json.putObject("Encryption");
            encryption.keyArn().ifPresent(arn -> object.put("KMSMasterKeyArn", arn));
        });
        table.timeToLive().ifPresent(attribute -> json.put("TimeToLiveAttribute", attribute));
        table.recoveryDays().ifPresent(days -> json.put("PointInTimeRecoveryDays", days));
        json.put("TableClass", table.tableClass());
        json.put("DeletionProtectionEnabled", table.deletionProtection());
        json.set("Tags", texts(table.tags()));
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static <T> ArrayNode array(List<T> members, Function<T, JsonNode> write) {
        var array = NODES.arrayNode();
        members.forEach(member -> array.add(write.apply(member)));
        return array;
    }

    private static ObjectNode texts(SortedMap<String, String> values) {
        var object = NODES.objectNode();
        values.forEach(object::put);
        return object;
    }

    private static ObjectNode units(Throughput units) {
        return NODES.objectNode().put("ReadUnits", units.reads()).put("WriteUnits", units.writes());
    }

    private static ObjectNode index(Index index) {
        var json = NODES.objectNode();
        json.put("IndexName", index.name());
        json.set(
                "KeySchema",
                array(
                        index.keys(),
                        part -> NODES.objectNode()
                                .put("AttributeName", part.name())
                                .put("KeyType", part.role())));
        json.put("ProjectionType", index.projection());
        json.set("NonKeyAttributes", array(index.included(), NODES::stringNode));
        index.provisioned().ifPresent(units -> json.set("ProvisionedThroughput", units(units)));
        index.most().ifPresent(units -> json.set("OnDemandThroughput", units(units)));
        return json;
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws IllegalArgumentException if it is not that
     */
    static TableDefinition read(byte[] bytes) {
        try {
            var json = DynamoJson.JSON.readTree(bytes);
            var types = texts(json.path("AttributeTypes"));
            var key = list(json.path("KeySchema"), DefinitionJson::keyPart);
            return new TableDefinition(
                    text(json, "TableName"),
                    primaryKey(key, types),
                    types,
                    units(json.path("ProvisionedThroughput")),
                    units(json.path("OnDemandThroughput")),
                    list(json.path("GlobalSecondaryIndexes"), DefinitionJson::readIndex),
                    list(json.path("LocalSecondaryIndexes"), DefinitionJson::readIndex),
                    optional(json, "StreamViewType"),
                    json.has("Encryption")
                            ? Optional.of(new Encryption(optional(json.path("Encryption"), "KMSMasterKeyArn")))
                            : Optional.empty(),
                    optional(json, "TimeToLiveAttribute"),
                    json.has("PointInTimeRecoveryDays")
                            ? Optional.of(json.path("PointInTimeRecoveryDays").asInt())
                            : Optional.empty(),
                    text(json, "TableClass"),
                    json.path("DeletionProtectionEnabled").asBoolean(),
                    texts(json.path("Tags")));
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("the definition of the table is not JSON", notJson);
        }
    }

    /** The key of these parts, the partition key first. */
    static PrimaryKey primaryKey(List<KeyPart> parts, Map<String, String> types) {
        Optional<PrimaryKey.Part> partition = Optional.empty();
        Optional<PrimaryKey.Part> sort = Optional.empty();
        for (var part : parts) {
            var typed = Optional.of(new PrimaryKey.Part(part.name(), types.getOrDefault(part.name(), "")));
            if (part.role().equals("HASH")) {
                partition = typed;
            } else {
                sort = typed;
            }
        }
        return new PrimaryKey(
                partition.orElseThrow(() -> new IllegalArgumentException("the table has no partition key")), sort);
    }

    private static KeyPart keyPart(JsonNode json) {
        return new KeyPart(text(json, "AttributeName"), text(json, "KeyType"));
    }

    private static Index readIndex(JsonNode json) {
        return new Index(
                text(json, "IndexName"),
                list(json.path("KeySchema"), DefinitionJson::keyPart),
                text(json, "ProjectionType"),
                list(json.path("NonKeyAttributes"), JsonNode::asString),
                units(json.path("ProvisionedThroughput")),
                units(json.path("OnDemandThroughput")));
    }

    private static Optional<Throughput> units(JsonNode json) {
        return json.isObject()
                ? Optional.of(new Throughput(
                        json.path("ReadUnits").asLong(), json.path("WriteUnits").asLong()))
                : Optional.empty();
    }

    private static String text(JsonNode json, String name) {
        return optional(json, name)
                .orElseThrow(() -> new IllegalArgumentException("the definition of the table has no " + name));
    }

    private static Optional<String> optional(JsonNode json, String name) {
        return json.path(name).isString() ? Optional.of(json.path(name).stringValue()) : Optional.empty();
    }

    private static SortedMap<String, String> texts(JsonNode json) {
        var values = new TreeMap<String, String>();
        json.properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asString()));
        return values;
    }

    private static <T> List<T> list(JsonNode json, Function<JsonNode, T> read) {
        var list = new ArrayList<T>();
        json.forEach(member -> list.add(read.apply(member)));
        return list;
    }
}
