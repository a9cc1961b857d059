package dev.coffer.testkit.dynamodb;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** All tables of a server, and the operations on them. Safe for many threads; its own monitor is the lock. */
public final class DynamoTables {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String ARN = "arn:aws:dynamodb:ddblocal:000000000000:table/";
    private static final int BATCH_AT_MOST = 25;
    private static final double UNIT_BYTES = 4096;

    private final InstantSource clock;
    private final int pageBytes;
    private final SortedMap<String, DynamoTable> tableByName = new TreeMap<>();
    private final DynamoStreams streams = new DynamoStreams(this);
    private long made;
    private int halfBatches;
    private ChronoUnit timeUnit = ChronoUnit.MINUTES;

    DynamoTables(InstantSource clock, int pageBytes) {
        this.clock = clock;
        this.pageBytes = pageBytes;
    }

    /** Makes a table from the JSON of a CreateTable request. */
    public void create(String json) {
        call("CreateTable", JSON.readTree(json));
    }

    /** Puts an item in the JSON of the API. */
    public void put(String table, String item) {
        call("PutItem", NODES.objectNode().put("TableName", table).set("Item", JSON.readTree(item)));
    }

    /** Deletes an item by its key. */
    public void delete(String table, String key) {
        call("DeleteItem", NODES.objectNode().put("TableName", table).set("Key", JSON.readTree(key)));
    }

    /** Calls an operation with the JSON of its request. */
    public ObjectNode call(String operation, String json) {
        return call(operation, JSON.readTree(json));
    }

    /** All items of a table: the item by its key, both as JSON. */
    public synchronized SortedMap<String, String> items(String table) {
        var items = new TreeMap<String, String>();
        var found = table(table);
        found.items.values().forEach(item -> items.put(found.key(item).toString(), item.toString()));
        return items;
    }

    /** All that makes a table what it is besides name and items, as JSON that is equal for equal tables. */
    public synchronized String definition(String table) {
        var found = table(table);
        var definition = found.settings.deepCopy();
        for (var own : new String[] {"TableName", "TableId", "CreationDateTime"}) {
            definition.remove(own);
        }
        definition.put(
                "DeletionProtectionEnabled",
                definition.path("DeletionProtectionEnabled").asBoolean());
        definition.put("TimeToLive", found.timeToLive.orElse(""));
        definition.put("RecoveryDays", found.recoveryDays.orElse(0));
        var tags = definition.putObject("Tags");
        found.tags.forEach((key, value) -> {
            if (!key.startsWith("coffer:")) {
                tags.put(key, value);
            }
        });
        return inOrder("", definition).toString();
    }

    /** The JSON with its members in order, those of lists too where their order says nothing. */
    private static JsonNode inOrder(String name, JsonNode json) {
        if (json.isObject()) {
            var sorted = NODES.objectNode();
            new TreeSet<>(json.propertyNames())
                    .forEach(member -> sorted.set(member, inOrder(member, json.get(member))));
            return sorted;
        }
        if (json.isArray() && !name.equals("KeySchema")) {
            var members = new TreeMap<String, JsonNode>();
            json.forEach(member -> {
                var sorted = inOrder("", member);
                members.put(sorted.toString(), sorted);
            });
            var sorted = NODES.arrayNode();
            members.values().forEach(sorted::add);
            return sorted;
        }
        return json;
    }

    /** The tags of a table. */
    public synchronized Map<String, String> tags(String table) {
        return Map.copyOf(table(table).tags);
    }

    /** Whether there is such a table. */
    public synchronized boolean exists(String table) {
        return tableByName.containsKey(table);
    }

    /** Closes the shards of the table's stream and goes on in new ones. */
    public synchronized void splitStream(String table) {
        table(table).split();
    }

    /** Drops all records that the table's stream has, and its closed shards, as if a day had passed. */
    public synchronized void trimStream(String table) {
        table(table).trim();
    }

    /** To what the times of the records of streams are cut from now on. */
    public synchronized void cutTimesTo(ChronoUnit unit) {
        timeUnit = unit;
    }

    /** Lets so many batches to come take only half of their items. */
    public synchronized void halveBatches(int batches) {
        halfBatches = batches;
    }

    synchronized DynamoTable table(String name) {
        return Optional.ofNullable(tableByName.get(name))
                .orElseThrow(() -> DynamoError.of(
                        "ResourceNotFoundException", "Requested resource not found: Table: " + name + " not found"));
    }

    synchronized DynamoTable tableOfStream(String arn) {
        return tableByName.values().stream()
                .filter(table -> table.stream.filter(arn::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> DynamoError.of("ResourceNotFoundException", "no stream " + arn));
    }

    private DynamoTable named(JsonNode request) {
        return table(request.path("TableName").asString());
    }

    private DynamoTable ofArn(JsonNode request) {
        var arn = request.path("ResourceArn").asString();
        return table(arn.substring(arn.indexOf('/') + 1));
    }

    /** Calls an operation. */
    public synchronized ObjectNode call(String operation, JsonNode request) {
        var now = clock.instant().truncatedTo(timeUnit);
        return switch (operation) {
            case "ListTables" -> listTables(request);
            case "CreateTable" -> createTable(request, now);
            case "DescribeTable" -> NODES.objectNode().set("Table", description(named(request)));
            case "UpdateTable" -> updateTable(request);
            case "DeleteTable" -> deleteTable(request);
            case "PutItem" -> putItem(request, now);
            case "DeleteItem" -> {
                named(request).delete(request.path("Key"), now);
                yield NODES.objectNode();
            }
            case "GetItem" -> {
                var table = named(request);
                var answer = NODES.objectNode();
                Optional.ofNullable(table.items.get(table.place(request.path("Key"))))
                        .ifPresent(item -> answer.set("Item", item));
                yield answer;
            }
            case "BatchWriteItem" -> batchWrite(request, now);
            case "Scan" -> scan(request);
            case "TagResource" -> {
                var table = ofArn(request);
                request.path("Tags").forEach(tag -> tag(table, tag));
                yield NODES.objectNode();
            }
            case "UntagResource" -> {
                var table = ofArn(request);
                request.path("TagKeys").forEach(key -> table.tags.remove(key.asString()));
                yield NODES.objectNode();
            }
            case "ListTagsOfResource" -> listTags(request);
            case "UpdateTimeToLive" -> {
                var specification = request.path("TimeToLiveSpecification");
                named(request).timeToLive = specification.path("Enabled").asBoolean()
                        ? Optional.of(specification.path("AttributeName").asString())
                        : Optional.empty();
                yield NODES.objectNode().set("TimeToLiveSpecification", specification);
            }
            case "DescribeTimeToLive" -> {
                var table = named(request);
                var description = NODES.objectNode()
                        .put("TimeToLiveStatus", table.timeToLive.isPresent() ? "ENABLED" : "DISABLED");
                table.timeToLive.ifPresent(name -> description.put("AttributeName", name));
                yield NODES.objectNode().set("TimeToLiveDescription", description);
            }
            case "UpdateContinuousBackups" -> {
                var specification = request.path("PointInTimeRecoverySpecification");
                var table = named(request);
                table.recoveryDays = specification
                                .path("PointInTimeRecoveryEnabled")
                                .asBoolean()
                        ? Optional.of(specification.path("RecoveryPeriodInDays").asInt(35))
                        : Optional.empty();
                yield continuousBackups(table);
            }
            case "DescribeContinuousBackups" -> continuousBackups(named(request));
            case "DescribeStream", "GetShardIterator", "GetRecords" -> streams.call(operation, request);
            default ->
                throw DynamoError.of("UnknownOperationException", "An unknown operation was requested: " + operation);
        };
    }

    private ObjectNode listTables(JsonNode request) {
        var from = request.path("ExclusiveStartTableName").asString("");
        int limit = request.path("Limit").asInt(100);
        var answer = NODES.objectNode();
        var names = answer.putArray("TableNames");
        for (var name : tableByName.tailMap(from + (from.isEmpty() ? "" : "\0")).keySet()) {
            if (names.size() == limit) {
                answer.put("LastEvaluatedTableName", names.get(names.size() - 1).asString());
                break;
            }
            names.add(name);
        }
        return answer;
    }

    private ObjectNode createTable(JsonNode request, Instant now) {
        var name = request.path("TableName").asString();
        if (tableByName.containsKey(name)) {
            throw DynamoError.of("ResourceInUseException", "Table already exists: " + name);
        }
        var settings = ((ObjectNode) request).deepCopy();
        settings.remove("Tags");
        var table = new DynamoTable(name, settings);
        for (var part : request.path("KeySchema")) {
            table.type(part.path("AttributeName").asString());
        }
        request.path("Tags").forEach(tag -> tag(table, tag));
        settings.put("TableId", "id-" + ++made);
        settings.put("CreationDateTime", now.getEpochSecond());
        if (request.path("StreamSpecification").path("StreamEnabled").asBoolean()) {
            table.switchStreamOn(ARN + name + "/stream/" + made);
        }
        tableByName.put(name, table);
        return NODES.objectNode().set("TableDescription", description(table));
    }

    private static void tag(DynamoTable table, JsonNode tag) {
        table.tags.put(tag.path("Key").asString(), tag.path("Value").asString());
    }

    private ObjectNode updateTable(JsonNode request) {
        var table = named(request);
        if (request.has("StreamSpecification")) {
            table.settings.set("StreamSpecification", request.path("StreamSpecification"));
            if (request.path("StreamSpecification").path("StreamEnabled").asBoolean()) {
                table.switchStreamOn(ARN + table.name + "/stream/" + ++made);
            } else {
                table.stream = Optional.empty();
            }
        }
        if (request.has("DeletionProtectionEnabled")) {
            table.settings.set("DeletionProtectionEnabled", request.path("DeletionProtectionEnabled"));
        }
        return NODES.objectNode().set("TableDescription", description(table));
    }

    private ObjectNode deleteTable(JsonNode request) {
        var table = named(request);
        if (table.settings.path("DeletionProtectionEnabled").asBoolean()) {
            throw DynamoError.of("ValidationException", "Resource cannot be deleted as it is protected");
        }
        tableByName.remove(table.name);
        return NODES.objectNode().set("TableDescription", description(table));
    }

    private static ObjectNode description(DynamoTable table) {
        var settings = table.settings;
        var description = NODES.objectNode();
        description.put("TableName", table.name);
        description.put("TableArn", ARN + table.name);
        description.put("TableId", settings.path("TableId").asString());
        description.put("TableStatus", "ACTIVE");
        description.put("CreationDateTime", settings.path("CreationDateTime").asLong());
        description.put("ItemCount", table.items.size());
        description.put("TableSizeBytes", 0);
        description.set("KeySchema", settings.path("KeySchema"));
        description.set("AttributeDefinitions", settings.path("AttributeDefinitions"));
        boolean onDemand = settings.path("BillingMode").asString("PROVISIONED").equals("PAY_PER_REQUEST");
        description.putObject("BillingModeSummary").put("BillingMode", onDemand ? "PAY_PER_REQUEST" : "PROVISIONED");
        description.set(
                "ProvisionedThroughput",
                onDemand
                        ? NODES.objectNode().put("ReadCapacityUnits", 0).put("WriteCapacityUnits", 0)
                        : settings.path("ProvisionedThroughput"));
        for (var name : new String[] {"OnDemandThroughput", "StreamSpecification", "LocalSecondaryIndexes"}) {
            if (settings.has(name)) {
                description.set(name, settings.get(name));
            }
        }
        if (settings.has("GlobalSecondaryIndexes")) {
            var indexes = description.putArray("GlobalSecondaryIndexes");
            settings.path("GlobalSecondaryIndexes")
                    .forEach(
                            index -> indexes.add(((ObjectNode) index).deepCopy().put("IndexStatus", "ACTIVE")));
        }
        if (settings.path("SSESpecification").path("Enabled").asBoolean()) {
            description
                    .putObject("SSEDescription")
                    .put("Status", "ENABLED")
                    .put("SSEType", "KMS")
                    .put(
                            "KMSMasterKeyArn",
                            settings.path("SSESpecification")
                                    .path("KMSMasterKeyId")
                                    .asString());
        }
        description
                .putObject("TableClassSummary")
                .put("TableClass", settings.path("TableClass").asString("STANDARD"));
        description.put(
                "DeletionProtectionEnabled",
                settings.path("DeletionProtectionEnabled").asBoolean());
        table.stream.ifPresent(arn -> description.put("LatestStreamArn", arn));
        return description;
    }

    private static ObjectNode continuousBackups(DynamoTable table) {
        var recovery = NODES.objectNode()
                .put("PointInTimeRecoveryStatus", table.recoveryDays.isPresent() ? "ENABLED" : "DISABLED");
        table.recoveryDays.ifPresent(days -> recovery.put("RecoveryPeriodInDays", days));
        var description = NODES.objectNode().put("ContinuousBackupsStatus", "ENABLED");
        description.set("PointInTimeRecoveryDescription", recovery);
        return NODES.objectNode().set("ContinuousBackupsDescription", description);
    }

    private ObjectNode listTags(JsonNode request) {
        var answer = NODES.objectNode();
        var tags = answer.putArray("Tags");
        ofArn(request)
                .tags
                .forEach((key, value) -> tags.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private ObjectNode putItem(JsonNode request, Instant now) {
        var table = named(request);
        var item = DynamoValues.item(request.path("Item"));
        var there = table.items.get(table.place(item));
        if (there != null && request.path("ConditionExpression").asString("").startsWith("attribute_not_exists")) {
            throw DynamoError.conditionFailed(there);
        }
        table.put(item, now);
        return NODES.objectNode();
    }

    private ObjectNode batchWrite(JsonNode request, Instant now) {
        var left = NODES.objectNode();
        for (var entry : request.path("RequestItems").properties()) {
            var table = table(entry.getKey());
            if (entry.getValue().size() > BATCH_AT_MOST) {
                throw DynamoError.of("ValidationException", "Too many items requested for the BatchWriteItem call");
            }
            boolean half = halfBatches > 0;
            halfBatches -= half ? 1 : 0;
            int number = 0;
            for (var write : entry.getValue()) {
                if (half && number++ % 2 == 1) {
                    left.withArray(entry.getKey()).add(write);
                } else {
                    table.put(DynamoValues.item(write.path("PutRequest").path("Item")), now);
                }
            }
        }
        return NODES.objectNode().set("UnprocessedItems", left);
    }

    private ObjectNode scan(JsonNode request) {
        var table = named(request);
        int segments = request.path("TotalSegments").asInt(1);
        int segment = request.path("Segment").asInt(0);
        int limit = request.path("Limit").asInt(Integer.MAX_VALUE);
        var from = request.has("ExclusiveStartKey")
                ? table.place(request.path("ExclusiveStartKey")) + "\0"
                : HexFormat.of().toHexDigits((char) Math.ceilDiv(segment << 16, segments));
        var answer = NODES.objectNode();
        var items = answer.putArray("Items");
        long bytes = 0;
        for (var entry : table.items.tailMap(from).entrySet()) {
            if (segmentOf(entry.getKey(), segments) != segment) {
                break;
            }
            items.add(entry.getValue());
            bytes += table.sizes.getOrDefault(entry.getKey(), 0);
            if (bytes >= pageBytes || items.size() == limit) {
                answer.set("LastEvaluatedKey", table.key(entry.getValue()));
                break;
            }
        }
        answer.put("Count", items.size());
        answer.put("ScannedCount", items.size());
        if (request.has("ReturnConsumedCapacity")) {
            answer.putObject("ConsumedCapacity")
                    .put("TableName", table.name)
                    .put("CapacityUnits", Math.ceil(bytes / UNIT_BYTES));
        }
        return answer;
    }

    private static int segmentOf(String place, int segments) {
        return (Integer.parseInt(place.substring(0, 4), 16) * segments) >>> 16;
    }
}
