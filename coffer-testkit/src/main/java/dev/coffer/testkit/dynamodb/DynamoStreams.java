package dev.coffer.testkit.dynamodb;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The operations of the streams. An iterator is the stream, the shard and a position in it. */
final class DynamoStreams {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int RECORDS_AT_MOST = 100;

    private final DynamoTables tables;

    DynamoStreams(DynamoTables tables) {
        this.tables = tables;
    }

    ObjectNode call(String operation, JsonNode request) {
        return switch (operation) {
            case "DescribeStream" -> describe(request);
            case "GetShardIterator" -> iterator(request);
            default -> records(request);
        };
    }

    private ObjectNode describe(JsonNode request) {
        var arn = request.path("StreamArn").asString();
        var description = NODES.objectNode().put("StreamArn", arn).put("StreamStatus", "ENABLED");
        var shards = description.putArray("Shards");
        for (var shard : tables.tableOfStream(arn).shards) {
            var shown = shards.addObject().put("ShardId", shard.id);
            shard.parent.ifPresent(parent -> shown.put("ParentShardId", parent));
            var range = shown.putObject("SequenceNumberRange").put("StartingSequenceNumber", "1");
            if (shard.closed) {
                range.put("EndingSequenceNumber", "999999999");
            }
        }
        return NODES.objectNode().set("StreamDescription", description);
    }

    private ObjectNode iterator(JsonNode request) {
        var arn = request.path("StreamArn").asString();
        var shard = tables.tableOfStream(arn).shard(request.path("ShardId").asString());
        int position = switch (request.path("ShardIteratorType").asString()) {
            case "LATEST" -> shard.trimmed + shard.records.size();
            case "TRIM_HORIZON" -> shard.trimmed;
            default ->
                shard.trimmed + 1 + find(shard, request.path("SequenceNumber").asString());
        };
        return NODES.objectNode().put("ShardIterator", arn + " " + shard.id + " " + position);
    }

    private static int find(DynamoTable.Shard shard, String sequence) {
        for (int i = 0; i < shard.records.size(); i++) {
            if (shard.records
                    .get(i)
                    .path("dynamodb")
                    .path("SequenceNumber")
                    .asString()
                    .equals(sequence)) {
                return i;
            }
        }
        throw DynamoError.of("TrimmedDataAccessException", "no such sequence number any more");
    }

    private ObjectNode records(JsonNode request) {
        var parts = request.path("ShardIterator").asString().split(" ");
        var shard = tables.tableOfStream(parts[0]).shard(parts[1]);
        int from = Integer.parseInt(parts[2]) - shard.trimmed;
        if (from < 0) {
            throw DynamoError.of("TrimmedDataAccessException", "the records are not there any more");
        }
        int to = Math.min(shard.records.size(), from + RECORDS_AT_MOST);
        var answer = NODES.objectNode();
        var records = answer.putArray("Records");
        shard.records.subList(from, to).forEach(records::add);
        boolean over = shard.closed && to == shard.records.size();
        Optional.of(parts[0] + " " + parts[1] + " " + (shard.trimmed + to))
                .filter(_ -> !over)
                .ifPresent(next -> answer.put("NextShardIterator", next));
        return answer;
    }
}
